"""Measures librdkafka through its Python binding. Argument: the job as JSON; prints the measurement as JSON."""

import json
import math
import resource
import sys
import time

from confluent_kafka import Producer


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def peak_memory_bytes():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(job):
    with open(job["payloadFile"], "rb") as file:
        values = file.read().split(b"\n")
    producer = Producer(job["config"])
    latencies = []
    errors = []

    def warmed(error, _message):
        if error is not None:
            errors.append(str(error))

    def measured(error, message):
        if error is None:
            latencies.append(message.latency())
        else:
            errors.append(str(error))

    topic, warmup = job["topic"], job["warmupRecords"]
    started = cpu = 0
    for index in range(warmup + job["records"]):
        if index == warmup:
            producer.flush()
            started, cpu = time.perf_counter(), cpu_ms()
        callback = warmed if index < warmup else measured
        while True:
            try:
                producer.produce(topic, values[index % len(values)], on_delivery=callback)
                break
            except BufferError:
                producer.poll(0.01)
        if index % 100 == 0:
            producer.poll(0)
    producer.flush()
    duration_ms = (time.perf_counter() - started) * 1000
    cpu = cpu_ms() - cpu
    if errors:
        sys.exit(f"{len(errors)} records were not acknowledged: {errors[0]}")
    latencies.sort()

    def at(share):
        return latencies[max(0, math.ceil(share * len(latencies)) - 1)] * 1000

    print(
        json.dumps(
            {
                "records": len(latencies),
                "durationMs": duration_ms,
                "latencyMs": {"p50": at(0.5), "p99": at(0.99), "p999": at(0.999)},
                "cpuMs": cpu,
                "peakMemoryBytes": peak_memory_bytes(),
            }
        )
    )


main(json.loads(sys.argv[1]))
