// Where in the script a run failed, by Python's traceback in its error log.
export interface Failure {
  line: number;
  message: string;
}

/** The last frame of the last traceback that lies in the file `script`. */
export function findFailure(lines: string[], script: string, message: string | undefined): Failure | undefined {
  let line: number | undefined;
  let last = '';
  for (const each of lines) {
    const frame = /^\s*File "([^"]+)", line (\d+)/.exec(each);
    if (frame && frame[1]!.split('/').at(-1) === script) line = Number(frame[2]);
    if (/^[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt)\b/.test(each)) last = each;
  }
  return line === undefined ? undefined : { line, message: last || message || 'The script failed here.' };
}
