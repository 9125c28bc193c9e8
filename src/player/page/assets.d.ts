declare module '*.css' {
  const text: string;
  // The bundler gives a text as the default export of its file.
  // eslint-disable-next-line import-x/no-default-export
  export default text;
}
