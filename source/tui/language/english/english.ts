import {commands} from './commands.ts';
import {frame} from './frame.ts';
import {lists} from './lists.ts';
import {sessions} from './sessions.ts';

/** Every word of the screen in English; its shape is what other languages must fill (`Words`). */
export const english = {commands, frame, lists, sessions};
