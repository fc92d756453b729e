import {commands} from './commands.ts';
import {frame} from './frame.ts';

/** Every word of the screen in English; its shape is what other languages must fill (`Words`). */
export const english = {commands, frame};
