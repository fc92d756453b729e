import type {ExplainView} from '../../source/event/explain.ts';

/** An explanation with every kind of step. */
export const sampleExplain: ExplainView = {
	question: 'Why did req_1 go to openai?',
	chosen: 'openai',
	steps: [
		{mark: 'note', subject: 'route main', text: 'ordered-failover', location: 'config.toml:14'},
		{mark: 'no', subject: 'relay-b', text: 'answered 429, 41 s left', location: 'config.toml:9'},
		{mark: 'chosen', subject: 'openai', text: 'the session is tied to it'},
		{mark: 'yes', subject: '上游-azure', text: 'would have been next'},
		{mark: 'chosen', subject: 'attempt 1', text: 'openai: served it'},
	],
	detail: {},
};
