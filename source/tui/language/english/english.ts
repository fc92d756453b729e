import {commands} from './commands.ts';
import {frame} from './frame.ts';
import {keys} from './keys.ts';
import {lists} from './lists.ts';
import {requests} from './requests.ts';
import {routes} from './routes.ts';
import {sessions} from './sessions.ts';
import {upstream} from './upstream.ts';

/** Every word of the screen in English; its shape is what other languages must fill (`Words`). */
export const english = {commands, frame, keys, lists, requests, routes, sessions, upstream};
