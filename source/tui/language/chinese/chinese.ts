import type {Words} from '../words.ts';
import {commands} from './commands.ts';
import {frame} from './frame.ts';
import {keys} from './keys.ts';
import {lists} from './lists.ts';
import {requests} from './requests.ts';
import {routes} from './routes.ts';
import {sessions} from './sessions.ts';
import {upstream} from './upstream.ts';

/** Every word of the screen in Simplified Chinese. */
export const chinese: Words = {commands, frame, keys, lists, requests, routes, sessions, upstream};
