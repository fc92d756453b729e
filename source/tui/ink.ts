/* The only place that imports Ink, so that another build of it can be put in without touching a page (tui.md 9). */
export * as inkNamespace from 'ink';
export {Box, Text, render, renderToString, useApp, useInput, usePaste} from 'ink';
export type {Key} from 'ink';
