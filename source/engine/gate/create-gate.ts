import {RelayError} from '../../base/errors.ts';
import type {Dialect} from '../../wire/names.ts';
import {ChatRules} from './chat-gate.ts';
import type {CreateGate, GateOptions} from './gate.ts';
import {GateOutput} from './gate-output.ts';
import {MessagesRules} from './messages-gate.ts';
import {CodexResponsesRules, SdkResponsesRules} from './responses-gate.ts';
import {StreamGate, type GateRules} from './stream-gate.ts';

const rulesFor = (dialect: Dialect, options: GateOptions, output: GateOutput): GateRules => {
	switch (dialect) {
		case 'responses': {
			return options.client === 'codex'
				? new CodexResponsesRules(options, output)
				: new SdkResponsesRules(options, output);
		}

		case 'messages': {
			return new MessagesRules(options, output);
		}

		case 'chat': {
			return new ChatRules(output);
		}

		default: {
			throw new RelayError(
				'dialect-without-gate',
				`No client is served in the dialect ${dialect}; use responses, chat or messages.`,
			);
		}
	}
};

/** Makes the gate of one streaming request. Throws RelayError `dialect-without-gate` for a dialect that no client speaks. */
export const createGate: CreateGate = (dialect, options) => {
	const output = new GateOutput();
	return new StreamGate(options, output, rulesFor(dialect, options, output));
};
