import type {Cancellation} from '../base/cancellation.ts';
import type {Call} from '../identify/call.ts';
import type {Journey} from './journey.ts';
import type {RouteCall} from '../route/inputs.ts';
import type {Reply} from './reply/reply.ts';
import type {Road} from './road.ts';
import type {Asked} from './brain/session-profile.ts';
import type {EncryptedItem} from './brain/upstream-state.ts';

/** What one request carries from station to station. */
export interface Trip {
	readonly road: Road;
	readonly call: Call;
	readonly journey: Journey;
	readonly reply: Reply;
	/** The encrypted elements of its input, with their owners. */
	readonly encrypted: readonly EncryptedItem[];
	/** What it asks for after its session's override and profile. */
	readonly asked: Asked;
	/** What of it the plan depends on. */
	readonly routeCall: RouteCall;
	readonly cancellation: Cancellation;
}
