import {describe, expect, test} from 'vitest';
import {say} from './answer.ts';

/* The formats of translation.md 5.1, each with the spellings that were seen. */

const pwd = ['exec_command {"cmd":"pwd"}'];
const fCall = ['f {"a":"1"}'];
const bar = '｜';

const strict: ReadonlyArray<readonly [name: string, text: string, calls: readonly string[]]> = [
	[
		'T1 DSML with wide bars',
		`<${bar}DSML${bar}tool_calls><${bar}DSML${bar}invoke name="exec_command"><${bar}DSML${bar}parameter name="cmd" string="true">ls -la</${bar}DSML${bar}parameter></${bar}DSML${bar}invoke></${bar}DSML${bar}tool_calls>`,
		['exec_command {"cmd":"ls -la"}'],
	],
	[
		'T1 DSML with doubled bars and no wrapper',
		'<||DSML||invoke name="exec"><||DSML||parameter name="command" string="true">pwd</||DSML||parameter></||DSML||invoke>',
		pwd,
	],
	[
		'T1 DSML with U+2016, blanks and JSON in the body',
		'<‖ DSML ‖ function_calls>\n<‖ DSML ‖ invoke name="exec_command">{"cmd":"pwd"}</‖ DSML ‖ invoke>\n</‖ DSML ‖ function_calls>',
		pwd,
	],
	[
		'T1 DSML with a value that is JSON (string="false")',
		`<${bar}DSML${bar}calls><${bar}DSML${bar}invoke name="exec_command"><${bar}DSML${bar}parameter name="cmd" string="true">pwd</${bar}DSML${bar}parameter><${bar}DSML${bar}parameter name="yield_time_ms" string="false">50</${bar}DSML${bar}parameter></${bar}DSML${bar}invoke></${bar}DSML${bar}calls>`,
		['exec_command {"cmd":"pwd","yield_time_ms":50}'],
	],
	[
		'T2 bash block with options and JSON',
		'<bash>\nprefix_rule: ["git"]\nsandbox_permissions: use_default\n{"command":"git status"}\n</bash>',
		['exec_command {"cmd":"git status"}'],
	],
	['T2 bash block with the bare command', '<bash>\nls -la | head\n</bash>', ['exec_command {"cmd":"ls -la | head"}']],
	['T4 typed tool_call', '<tool_call type="bash">\n{"command":"pwd"}\n</tool_call>', pwd],
	['T4 with a broken closing tag', '<tool_call type="bash">\n{"command":"pwd"}\n</tool_call)>', pwd],
	['T4 without a closing tag', '<tool_call type="bash">\n{"command":"pwd"}\n', pwd],
	['T5 function tags', '<function name="exec_command"><parameter name="cmd">pwd</parameter></function>', pwd],
	[
		'T5 in the spelling of Qwen3-Coder',
		'<tool_call>\n<function=exec_command>\n<parameter=cmd>\npwd\n</parameter>\n</function>\n</tool_call>',
		pwd,
	],
	[
		'T5 in Claude’s spelling',
		'<function_calls><invoke name="f"><parameter name="a">1</parameter></invoke></function_calls>',
		fCall,
	],
	[
		'T5 in Claude’s spelling with its prefix',
		'<antml:function_calls>\n<antml:invoke name="f">\n<antml:parameter name="a">1</antml:parameter>\n</antml:invoke>\n</antml:function_calls>',
		fCall,
	],
	['T6 Hermes', '<tool_call>{"name":"exec_command","arguments":{"cmd":"pwd"}}</tool_call>', pwd],
	[
		'T6 several blocks',
		'<tool_call>\n{"name":"exec_command","arguments":{"cmd":"pwd"}}\n</tool_call>\n<tool_call>\n{"name":"f","arguments":{"a":"1"}}\n</tool_call>',
		[...pwd, ...fCall],
	],
	['T6 with <tools>', '<tools>{"name":"f","arguments":{"a":"1"}}</tools>', fCall],
	['T6 with arguments as a text', String.raw`<tool_call>{"name":"f","arguments":"{\"a\":\"1\"}"}</tool_call>`, fCall],
	[
		'T7 Kimi section',
		'<|tool_calls_section_begin|><|tool_call_begin|>functions.exec_command:0<|tool_call_argument_begin|>{"cmd":"pwd"}<|tool_call_end|><|tool_call_begin|>functions.f:1<|tool_call_argument_begin|>{"a":"1"}<|tool_call_end|><|tool_calls_section_end|>',
		[...pwd, ...fCall],
	],
	[
		'T7 Kimi with its first tokens eaten',
		'exec_command:0<|tool_call_argument_begin|>{"cmd":"pwd"}<|tool_call_end|>',
		pwd,
	],
	[
		'T7 Kimi with only the section token eaten',
		'<|tool_call_begin|>functions.f:3<|tool_call_argument_begin|>{"a":"1"}<|tool_call_end|><|tool_calls_section_end|>',
		fCall,
	],
	[
		'T7 Kimi K3 behind a gateway',
		'<|open|>toolscall tool="Shell" index="1"<|sep|><|open|>argument key="command" type="string"<|sep|>pwd<|close|>argument<|sep|>',
		pwd,
	],
	['T8 Mistral list', '[TOOL_CALLS][{"name":"f","arguments":{"a":"1"}}]', fCall],
	['T8 Mistral with id and arguments', '[TOOL_CALLS]f[CALL_ID]abc123def[ARGS]{"a":"1"}', fCall],
	['T9 Llama python tag with JSON', '<|python_tag|>{"name":"f","parameters":{"a":"1"}}<|eom_id|>', fCall],
	['T9 Llama python tag with Python', '<|python_tag|>f.call(a="1")', fCall],
	['T9 Llama bare JSON', '{"name":"f","parameters":{"a":"1"}}', fCall],
	['T9 Llama function tag', '<function=f>{"a":"1"}</function>', fCall],
	['T10 GLM', '<tool_call>exec_command\n<arg_key>cmd</arg_key>\n<arg_value>pwd</arg_value>\n</tool_call>', pwd],
	[
		'T11 MiniMax M2',
		'<minimax:tool_call>\n<invoke name="f">\n<parameter name="a">1</parameter>\n</invoke>\n</minimax:tool_call>',
		fCall,
	],
	[
		'T11 MiniMax M3 with a tag per parameter',
		']<]minimax[>[<tool_call>]<]minimax[>[<invoke name="read_file">]<]minimax[>[<path>a.rs]<]minimax[>[</path>]<]minimax[>[</invoke>]<]minimax[>[</tool_call>',
		['read_file {"path":"a.rs"}'],
	],
	[
		'T12 DeepSeek V3',
		`<${bar}tool▁calls▁begin${bar}><${bar}tool▁call▁begin${bar}>function<${bar}tool▁sep${bar}>f\n\`\`\`json\n{"a":"1"}\n\`\`\`<${bar}tool▁call▁end${bar}><${bar}tool▁calls▁end${bar}>`,
		fCall,
	],
	[
		'T12 DeepSeek V3.1',
		`<${bar}tool▁calls▁begin${bar}><${bar}tool▁call▁begin${bar}>f<${bar}tool▁sep${bar}>{"a":"1"}<${bar}tool▁call▁end${bar}><${bar}tool▁calls▁end${bar}><${bar}end▁of▁sentence${bar}>`,
		fCall,
	],
	['T13 gpt-oss', '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a":"1"}<|call|>', fCall],
	['T14 a command', '{"cmd":"mkdir -p /tmp/x","type":"tool-call"}', ['exec_command {"cmd":"mkdir -p /tmp/x"}']],
	['T14 tool and args', '{"tool":"f","args":{"a":"1"}}', fCall],
	[
		'T14 a list of calls',
		'{"tool_calls":[{"type":"function","function":{"name":"f","arguments":"{\\"a\\":\\"1\\"}"}}]}',
		fCall,
	],
	[
		'T1 DSML with single ASCII bars',
		'<|DSML|tool_use><|DSML|invoke name="f"><|DSML|parameter name="a" string="true">1</|DSML|parameter></|DSML|invoke></|DSML|tool_use>',
		fCall,
	],
	[
		'T5 in the spelling of Qwen3-Coder, without its wrapper',
		'<function=f>\n<parameter=a>\n1\n</parameter>\n</function>',
		fCall,
	],
	['T5 without a closing tag', '<function=f>\n<parameter=a>1</parameter>\n', fCall],
	[
		'T6 a list in one block',
		'<tool_call>[{"name":"exec_command","arguments":{"cmd":"pwd"}},{"name":"f","parameters":{"a":"1"}}]</tool_call>',
		[...pwd, ...fCall],
	],
	['T6 without a closing tag', '<tool_call>\n{"name":"f","arguments":{"a":"1"}}', fCall],
	[
		'T7 Kimi without the end of its section',
		'<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"a":"1"}<|tool_call_end|>',
		fCall,
	],
	['T8 Mistral with the name alone in front', '[TOOL_CALLS]f{"a":"1"}', fCall],
	[
		'T9 Llama Python with several values',
		'<|python_tag|>exec_command(cmd="pwd", yield_time_ms=50)',
		['exec_command {"cmd":"pwd","yield_time_ms":50}'],
	],
	[
		'T10 GLM with two keys',
		'<tool_call>exec_command\n<arg_key>cmd</arg_key>\n<arg_value>pwd</arg_value>\n<arg_key>yield_time_ms</arg_key>\n<arg_value>50</arg_value>\n</tool_call>',
		['exec_command {"cmd":"pwd","yield_time_ms":50}'],
	],
	[
		'T12 DeepSeek with two calls',
		`<${bar}tool▁calls▁begin${bar}><${bar}tool▁call▁begin${bar}>exec_command<${bar}tool▁sep${bar}>{"cmd":"pwd"}<${bar}tool▁call▁end${bar}>\n<${bar}tool▁call▁begin${bar}>f<${bar}tool▁sep${bar}>{"a":"1"}<${bar}tool▁call▁end${bar}><${bar}tool▁calls▁end${bar}>`,
		[...pwd, ...fCall],
	],
	[
		'T13 gpt-oss with its start token',
		'<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a":"1"}<|call|>',
		fCall,
	],
	['T14 arguments as a text', String.raw`{"name":"f","arguments":"{\"a\":\"1\"}"}`, fCall],
];

const aggressive: typeof strict = [
	['T14 behind prose', 'I do it:\n{"tool":"f","args":{"a":"1"}}', fCall],
	['T15 a json fence', '```json\n{"name":"f","arguments":{"a":"1"}}\n```', fCall],
	['T15 a tool_call fence', '```tool_call\n{"name":"f","arguments":{"a":"1"}}\n```\n', fCall],
	['T15 a tool_code fence', '```tool_code\nprint(default_api.f(a="1"))\n```', fCall],
	[
		'T16 a patch',
		'*** Begin Patch\n*** Delete File: a\n*** End Patch',
		['apply_patch *** Begin Patch\n*** Delete File: a\n*** End Patch'],
	],
	[
		'T16 a patch in a heredoc',
		"apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF",
		['apply_patch *** Begin Patch\n*** Delete File: a\n*** End Patch'],
	],
	['T17 ReAct', 'I look.\nAction: f\nAction Input: {"a":"1"}', fCall],
];

describe('calls in the text of an answer (translation.md 5.1)', () => {
	test.each(strict)('%s is found in strict mode, whole and behind prose', (_, text, calls) => {
		expect(say(text)).toMatchObject({calls, text: '', end: 'calls'});
	});

	test.each(strict)('%s is found in aggressive mode', (_, text, calls) => {
		expect(say(text, {mode: 'aggressive'})).toMatchObject({calls, text: '', end: 'calls'});
	});

	test.each(aggressive)('%s is found in aggressive mode', (_, text, calls) => {
		expect(say(text, {mode: 'aggressive'})).toMatchObject({calls, end: 'calls'});
	});

	test.each(aggressive)('%s is text in strict mode', (_, text) => {
		expect(say(text)).toMatchObject({calls: [], text, end: 'stop'});
	});

	test.each(strict.filter(([name]) => !/bare JSON|T14|eaten/.test(name)))(
		'%s: prose before it stays, as commentary',
		(_, text, calls) => {
			const {items, ...result} = say(`First I look.\n${text}`);
			expect(result).toMatchObject({calls, text: 'First I look.\n'});
			expect(items[0]).toMatchObject({type: 'message', phase: 'commentary', parts: [{text: 'First I look.\n'}]});
		},
	);

	test('T3 and T18 are intents: their text stays', () => {
		for (const text of [
			'<explore_agent>messages: [{"content":"Look at https://example.org/r"}]</explore_agent>',
			'<require_escalation>please</require_escalation>',
			'<request_escalation_permission/>',
		]) {
			expect(say(text)).toMatchObject({calls: [], text, end: 'stop'});
		}
	});
});
