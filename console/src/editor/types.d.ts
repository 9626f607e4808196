declare module 'monaco-editor/editor.js' {
  export * from 'monaco-editor';
}
declare module 'monaco-editor/features/register.all.js';
declare module 'monaco-editor/languages/definitions/*';
declare module 'monaco-editor/editor/editor.worker.js?worker' {
  const EditorWorker: new () => Worker;
  export default EditorWorker;
}
