import {message, reasoning, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';

const childTask = 'say hi as a child';

const program: ReplyPart = {
	type: 'custom-call',
	name: 'exec',
	namespace: 'functions',
	input: 'const r = await tools.exec_command({cmd: "echo code-mode"}); text(JSON.stringify(r));',
};

const collaborate = (name: string, values: Readonly<Record<string, unknown>>): ReplyPart => ({
	type: 'function-call',
	name,
	namespace: 'collaboration',
	arguments: values,
});

/** What the newest models do (gpt-6): a program in code mode, then a sub-agent of the second kind, whose answer the parent waits for. */
export const codexLite: Script = [
	{match: {promptContains: childTask}, answer: stream([message('child says hi')])},
	{match: {promptContains: 'FINAL_ANSWER'}, answer: stream([message('The helper said hi.')])},
	{match: {toolOutputs: 0}, answer: stream([reasoning('**Running a program**'), program])},
	{
		match: {toolOutputs: 1},
		answer: stream([
			reasoning('**Asking a helper**'),
			collaborate('spawn_agent', {task_name: 'greeter', message: childTask}),
		]),
	},
	{match: {toolOutputs: 2}, answer: stream([collaborate('wait_agent', {timeout_ms: 10_000})])},
	{match: {toolOutputs: 3}, answer: stream([message('The helper said hi.')])},
];
