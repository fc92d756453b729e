import {describe, expect, test} from 'vitest';
import {maskedDiff} from '../../../source/config/edit/masked-diff.ts';

const file = `version = 5
[codex.providers.token-shop]
base_url = "https://user:hunter22@shop.example/v1?key=verysecret"
auth_token = "plain-words-1"
auth = { api_key = '''plain-words-2''' }
api_key_header = "x-api-key"
auth_token_env = "SHOP_KEY"
headers = { "x-team" = "plain-words-3" }
# api_key = "plain-words-4"
# see the manual for keys
[codex.routing.routes.main]
children = ["token-shop"]
`;

describe('a change is shown', () => {
	test('in the same time where a file has ten thousand comments', () => {
		const startMs = performance.now();
		const before = `version = 5\n${'# what is not said here is said elsewhere, and at some length, as comments go\n'.repeat(20_000)}`;
		expect(maskedDiff(before, `${before}# end\n`, 'config.toml')).toContain('+# end');
		expect(performance.now() - startMs).toBeLessThan(4000);
	});

	test('without a key that stands in a comment unquoted', () => {
		const before = 'version = 5\n# auth_token = plain-words-9\n# auth_token_env = SHOP_KEY\n# the key: see above\n';
		const diff = maskedDiff(before, `${before}# end\n`, 'config.toml');
		expect(diff).not.toContain('plain-words');
		expect(diff).toContain('# auth_token = (hidden)');
		expect(diff).toContain('# auth_token_env = SHOP_KEY');
		expect(diff).toContain('# the key: see above');
	});

	test('in the same time where a comment holds a line of a megabyte', () => {
		const startMs = performance.now();
		const before = `# ${'a'.repeat(500_000)}\n# ${'key'.repeat(100_000)}\n# my.api_key = "plain-words-9"\nversion = 5\n`;
		const diff = maskedDiff(before, before.replace('= 5', '= 6'), 'config.toml');
		expect(diff).toContain('# my.api_key = (hidden)');
		expect(diff).not.toContain('plain-words');
		expect(performance.now() - startMs).toBeLessThan(2000);
	});

	test('as a unified diff around the place, without a folder and without keys', () => {
		const diff = maskedDiff(
			file,
			file.replace('children = ["token-shop"]', 'children = ["token-shop", "b"]'),
			'config.toml',
		);
		expect(diff).toBe(`--- config.toml (now)
+++ config.toml (then)
@@ -9,4 +9,4 @@
 # api_key = (hidden)
 # see the manual for keys
 [codex.routing.routes.main]
-children = ["token-shop"]
+children = ["token-shop", "b"]`);
	});

	test('with keys that are there, come or go masked each in its own way', () => {
		const after = file.replace('plain-words-1', 'other-words').replace('SHOP_KEY', 'NEW_KEY');
		const diff = maskedDiff(file, after, 'config.toml');
		expect(diff).not.toMatch(/plain-words|other-words|hunter22|verysecret/);
		expect(diff).toContain('-auth_token = "(hidden)"\n+auth_token = "(hidden, new)"');
		expect(diff).toContain('+auth_token_env = "NEW_KEY"');
		expect(diff).toContain('api_key_header = "x-api-key"');
		expect(diff).toContain('[codex.providers.token-shop]');
		expect(diff).toContain('shop.example');
	});

	test('not at all where nothing changes, and as added lines where there was no file', () => {
		expect(maskedDiff(file, file, 'c')).toBe('');
		expect(maskedDiff('', 'version = 5\napi_key = "plain"\n', 'c')).toContain(
			'+version = 5\n+api_key = "(hidden, new)"',
		);
	});
});
