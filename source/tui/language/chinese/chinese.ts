import type {Words} from '../words.ts';
import {attach} from './attach.ts';
import {bodies} from './bodies.ts';
import {commands} from './commands.ts';
import {coverage} from './coverage.ts';
import {doctorKeys} from './doctor-keys.ts';
import {doctor} from './doctor.ts';
import {editor} from './editor.ts';
import {engine} from './engine.ts';
import {explain} from './explain.ts';
import {exports} from './exports.ts';
import {filters} from './filters.ts';
import {footer} from './footer.ts';
import {forms} from './forms.ts';
import {frame} from './frame.ts';
import {help} from './help.ts';
import {incidents} from './incidents.ts';
import {keys} from './keys.ts';
import {lists} from './lists.ts';
import {log} from './log.ts';
import {messages} from './messages.ts';
import {notices} from './notices.ts';
import {palette} from './palette.ts';
import {picker} from './picker.ts';
import {reader} from './reader.ts';
import {requestKeys} from './request-keys.ts';
import {requests} from './requests.ts';
import {routeEditor} from './route-editor.ts';
import {routes} from './routes.ts';
import {sessionPage} from './session-page.ts';
import {sessions} from './sessions.ts';
import {settingKeys} from './setting-keys.ts';
import {settings} from './settings.ts';
import {status} from './status.ts';
import {trace} from './trace.ts';
import {transcript} from './transcript.ts';
import {undo} from './undo.ts';
import {upstreamKeys} from './upstream-keys.ts';
import {upstream} from './upstream.ts';
import {usageDetail} from './usage-detail.ts';
import {usage} from './usage.ts';
import {wizard} from './wizard.ts';

/** Every word of the screen in Simplified Chinese. */
export const chinese: Words = {
	attach,
	bodies,
	commands,
	coverage,
	doctorKeys,
	doctor,
	editor,
	engine,
	explain,
	exports,
	filters,
	footer,
	forms,
	frame,
	help,
	incidents,
	keys,
	lists,
	log,
	messages,
	notices,
	palette,
	picker,
	reader,
	requestKeys,
	requests,
	routeEditor,
	routes,
	sessionPage,
	sessions,
	settingKeys,
	settings,
	status,
	trace,
	transcript,
	undo,
	upstreamKeys,
	upstream,
	usageDetail,
	usage,
	wizard,
};
