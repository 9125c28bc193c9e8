/** What an LMS says in the name of a file or folder that it hands out. */
export interface LmsName {
  readonly lms: 'moodle' | 'canvas';
  /** As the LMS writes it. */
  readonly student: string;
  /** The LMS's own number of this student or submission. */
  readonly lmsId: string;
  readonly late: boolean;
  /**
   * Canvas counts files of one name: handed in again, or two of one name in one hand-in, which only their contents tell. 0 for
   * the first.
   */
  readonly version: number;
  /** The name that the student gave to the file; empty for a folder. */
  readonly file: string;
}

/** `Ada Lovelace_123456_assignsubmission_file`, a folder or what its files' names begin with. */
const MOODLE = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_(.*))?$/s;
/** `lovelaceada_LATE_12345_67890_pump-2.ts`: student, user, submission, file, with Canvas's number of the version. */
const CANVAS = /^([^_]+)_(LATE_)?(\d+)_(\d+)_(.+)$/s;
const CANVAS_VERSION = /-(\d{1,2})(?=\.[A-Za-z0-9]+$)/;

/** The parts of a name as Moodle's "Download all submissions" or Canvas's "Download Submissions" makes it. */
export function lmsName(name: string): LmsName | undefined {
  const moodle = MOODLE.exec(name);
  if (moodle !== null) {
    const [, student = '', lmsId = '', file = ''] = moodle;
    return { lms: 'moodle', student: student.trim(), lmsId, late: false, version: 0, file };
  }
  const canvas = CANVAS.exec(name);
  if (canvas === null) return undefined;
  const [, student = '', late, lmsId = '', , file = ''] = canvas;
  const version = CANVAS_VERSION.exec(file)?.[1];
  return {
    lms: 'canvas',
    student,
    lmsId,
    late: late !== undefined,
    version: Number(version ?? 0),
    file: file.replace(CANVAS_VERSION, ''),
  };
}
