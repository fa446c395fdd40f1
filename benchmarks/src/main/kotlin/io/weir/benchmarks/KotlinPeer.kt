package io.weir.benchmarks

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.reactor.flux
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withContext
import reactor.core.publisher.Flux
import reactor.core.publisher.Mono
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger

/** What kotlinx.coroutines does for the same work, written as a Kotlin user would. */
object KotlinPeer {
    /** [producers] send and [consumers] receive [elements] in all through a channel, on [executor] or `Dispatchers.Default`. */
    @JvmStatic
    fun channel(capacity: Int, producers: Int, consumers: Int, elements: Int, executor: Executor?): Long {
        val channel = Channel<Int>(capacity)
        val sums = LongArray(consumers)
        runBlocking(executor?.asCoroutineDispatcher() ?: Dispatchers.Default) {
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

    /** [tasks] coroutines that each pass through one permit [rounds] times; the last to arrive gives it back first. */
    @JvmStatic
    fun semaphore(tasks: Int, rounds: Int): Long {
        val semaphore = Semaphore(1, 1)
        val missing = AtomicInteger(tasks)
        var inside = 0L
        runBlocking(Dispatchers.Default) {
            repeat(tasks) {
                launch {
                    if (missing.decrementAndGet() == 0) {
                        semaphore.release()
                    }
                    repeat(rounds) {
                        semaphore.withPermit { inside++ }
                    }
                }
            }
        }
        return inside
    }

    /** What `awaitAll` is given where the values are there already. */
    @JvmStatic
    fun completed(values: List<Int>): List<Deferred<Int>> = values.map { CompletableDeferred(it) }

    /** [gathers] times `awaitAll` of what is complete, one after another. */
    @JvmStatic
    fun awaitCompleted(deferred: List<Deferred<Int>>, gathers: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(gathers) {
            sum += deferred.awaitAll().size
        }
        sum
    }

    /** [gathers] times `awaitAll` of coroutines that compute their value on the thread that starts them. */
    @JvmStatic
    fun awaitUndispatched(values: List<Int>, gathers: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(gathers) {
            sum += values.map { async(start = CoroutineStart.UNDISPATCHED) { it } }.awaitAll().size
        }
        sum
    }

    /** [gathers] times `awaitAll` of coroutines on the pool's threads. */
    @JvmStatic
    fun awaitDispatched(values: List<Int>, gathers: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(gathers) {
            sum += values.map { async { it } }.awaitAll().size
        }
        sum
    }

    /** As [awaitUndispatched], and no failure cancels the others. */
    @JvmStatic
    fun settleUndispatched(values: List<Int>, gathers: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(gathers) {
            sum += supervisorScope {
                values.map { async(start = CoroutineStart.UNDISPATCHED) { it } }.map { runCatching { it.await() } }
            }.size
        }
        sum
    }

    /** As [awaitDispatched], and no failure cancels the others. */
    @JvmStatic
    fun settleDispatched(values: List<Int>, gathers: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(gathers) {
            sum += supervisorScope { values.map { async { it } }.map { runCatching { it.await() } } }.size
        }
        sum
    }

    /** [callers] coroutines that each leave for `Dispatchers.IO` [rounds] times. */
    @JvmStatic
    fun offload(callers: Int, rounds: Int, value: Int): Long {
        val sums = LongArray(callers)
        runBlocking(Dispatchers.Default) {
            repeat(callers) { caller ->
                launch {
                    var sum = 0L
                    repeat(rounds) {
                        sum += withContext(Dispatchers.IO) { value }
                    }
                    sums[caller] = sum
                }
            }
        }
        return sums.sum()
    }

    /** Awaits each of [monos], one after the other; null where one is empty. */
    @JvmStatic
    fun awaitEach(monos: Array<Mono<Int>>): Long = runBlocking {
        var sum = 0L
        for (mono in monos) {
            sum += mono.awaitSingleOrNull() ?: 0
        }
        sum
    }

    /** Awaits [mono] again and again, on `Dispatchers.Default`. */
    @JvmStatic
    fun awaitMany(times: Int, mono: Mono<Int>): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(times) { sum += mono.awaitSingle() }
        sum
    }

    /** [times] coroutines that do nothing, each awaited before the next one starts. */
    @JvmStatic
    fun startAndAwait(times: Int): Long = runBlocking(Dispatchers.Default) {
        var sum = 0L
        repeat(times) { sum += async { 1 }.await() }
        sum
    }

    /** A generator of [elements] numbers. */
    @JvmStatic
    fun generate(elements: Int): Flux<Int> = flux(Dispatchers.Default) {
        for (i in 0 until elements) {
            send(i)
        }
    }

    /** A loop over what [publisher] emits. */
    @JvmStatic
    fun iterate(publisher: Flux<Int>): Long = runBlocking {
        var sum = 0L
        publisher.asFlow().collect { sum += it }
        sum
    }

    /** [tasks] coroutines that run [body], started and joined. */
    @JvmStatic
    fun launchAll(tasks: Int, body: Runnable) = runBlocking(Dispatchers.Default) {
        repeat(tasks) {
            launch { body.run() }
        }
    }

    /** [tasks] coroutines that wait for an element; they live as long as what is returned. */
    @JvmStatic
    fun receivers(tasks: Int): Any {
        val channel = Channel<Int>(64)
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Unconfined)
        repeat(tasks) {
            scope.launch { channel.receive() }
        }
        return listOf(channel, scope)
    }

    /** [tasks] coroutines asleep in one scope. */
    @JvmStatic
    fun sleepers(tasks: Int): Any {
        val scope = CoroutineScope(Job() + Dispatchers.Default)
        repeat(tasks) {
            scope.launch(start = CoroutineStart.UNDISPATCHED) { delay(3_600_000) }
        }
        return scope
    }
}
