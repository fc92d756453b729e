import {expect, test} from 'vitest';
import {parseConfig} from '../../source/config/load.ts';

test.each(['port', 'claude_port', 'control_port'])(
	'a reload tells of a wrong listen.%s, although the ports of the running engine stay',
	key => {
		const running = {port: 45_000, claudePort: 45_002, controlPort: 45_001};
		const reload = (): unknown =>
			parseConfig(`version = 5\n[listen]\n${key} = 99999\n`, {path: '/h/config.toml', env: {}, listen: running});
		expect(reload).toThrow(`/h/config.toml:3:1: listen.${key} is 99999, but it takes a whole number from 0 to 65535.`);
	},
);
