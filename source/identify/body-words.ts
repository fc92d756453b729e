import {Lookout} from '../wire/lookout.ts';

/** Tools that the upstream runs (OpenAI's and Anthropic's; those of Anthropic end in a date). A type that is not named here is taken for the client's. */
export const hostedTools = [
	'web_search"',
	'web_search_preview',
	'file_search"',
	'code_interpreter"',
	'image_generation"',
	'computer_use_preview"',
	'mcp"',
	'web_search_2',
	'web_fetch_2',
	'code_execution_2',
] as const;

/** The beginnings of strings that needs and state evidence turn on. A body is looked through once; most hold none of them. */
export const bodyWords = new Lookout([
	...hostedTools,
	'encrypted_content"',
	'item_reference"',
	'compaction',
	'compaction_trigger"',
	'input_image"',
	'image_url"',
	'image"',
	'json_schema"',
]);
