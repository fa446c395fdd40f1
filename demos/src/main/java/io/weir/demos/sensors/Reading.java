package io.weir.demos.sensors;

/**
 * What a sensor has measured.
 *
 * @param tick which of its measurements this is, from 0 on
 * @param milli the temperature in thousandths of a degree: whole numbers, so that a sum does not depend on its order
 */
record Reading(int tick, long milli) {}
