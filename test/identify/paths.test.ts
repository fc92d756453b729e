import {expect, test} from 'vitest';
import {findServedPath} from '../../source/identify/paths.ts';

test.for<[string, string, string]>([
	['/v1/responses', '/responses', 'responses'],
	['/responses', '/responses', 'responses'],
	['/backend-api/codex/responses', '/responses', 'responses'],
	['/v1/responses/compact', '/responses/compact', 'compact'],
	['/v1/chat/completions', '/chat/completions', 'chat'],
	['/v1/messages', '/messages', 'messages'],
	['/v1/messages/count_tokens', '/messages/count_tokens', 'other'],
	['/v1/models', '/models', 'other'],
	['/v1/images/generations', '/images/generations', 'other'],
	['/files/file-1.2~x:y/content', '/files/file-1.2~x:y/content', 'other'],
])('%s is served as %s', ([path, relative, operation]) => {
	expect(findServedPath(path)).toMatchObject({relative, operation});
});

test.each([
	'/',
	'/v1',
	'/v1/',
	'/v2/responses',
	'/v1/v1/responses',
	'/v1/responses/',
	'/v1/responses/../admin',
	'/v1/files/../secrets',
	'/v1/files/a/../../x',
	'/v1/files/.',
	'/v1/files/%2e%2e',
	'/v1/files/a//b',
	'/v1/files/',
	'/constructor',
	'/__proto__',
	'/v1/embeddings',
])('%s is not on the list', path => {
	expect(findServedPath(path)).toBeUndefined();
});
