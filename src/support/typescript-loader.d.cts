/** JavaScript of one TypeScript file, as the commands of the course run it. Throws a SyntaxError. */
export declare function compileTypeScript(file: string): string;
/** JavaScript of an answer: every import, dynamic ones too, is a call of `require`. Throws a SyntaxError. */
export declare function compileAnswer(source: string, filename: string): string;
export declare const ROOT: string;
