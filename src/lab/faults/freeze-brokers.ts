import type { CourseKafka } from '../../broker/index';

/** Process ids of an embedded cluster, the controller's first, then the brokers' from 1 on. */
interface WithPids {
  readonly pids: readonly number[];
}

/** Whether `freezeBrokers` is possible: the brokers are processes of this machine, on a system that can halt them. */
export function canFreezeBrokers(kafka: CourseKafka): kafka is CourseKafka & WithPids {
  const pids = (kafka as Partial<WithPids>).pids;
  return process.platform !== 'win32' && pids?.length === kafka.brokers + 1;
}

/** Halts brokers (SIGSTOP), as a long pause of the garbage collector does; the returned function lets them go on. */
export function freezeBrokers(kafka: CourseKafka & WithPids, ids: readonly number[]): () => void {
  const pids = ids.map((id) => kafka.pids[id] as number);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids.splice(0)) process.kill(pid, 'SIGCONT');
  };
}
