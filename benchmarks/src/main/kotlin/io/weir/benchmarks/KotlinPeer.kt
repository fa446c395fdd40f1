package io.weir.benchmarks

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** What kotlinx.coroutines does for the same work, written as a Kotlin user would. */
object KotlinPeer {
    /** [producers] send and [consumers] receive [elements] in all through a channel. */
    @JvmStatic
    fun channel(capacity: Int, producers: Int, consumers: Int, elements: Int): Long {
        val channel = Channel<Int>(capacity)
        val sums = LongArray(consumers)
        runBlocking(Dispatchers.Default) {
            for (c in 0 until consumers) {
                launch {
                    var sum = 0L
                    for (i in channel) {
                        sum += i
                    }
                    sums[c] = sum
                }
            }
            val senders = (0 until producers).map {
                launch {
                    for (i in 0 until elements / producers) {
                        channel.send(i)
                    }
                }
            }
            senders.forEach { it.join() }
            channel.close()
        }
        return sums.sum()
    }

    /** [tasks] coroutines that each pass through one permit [rounds] times. */
    @JvmStatic
    fun semaphore(tasks: Int, rounds: Int): Long {
        val semaphore = Semaphore(1)
        var inside = 0L
        runBlocking(Dispatchers.Default) {
            repeat(tasks) {
                launch {
                    repeat(rounds) {
                        semaphore.withPermit { inside++ }
                    }
                }
            }
        }
        return inside
    }
}
