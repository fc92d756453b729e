import {expect, test} from 'vitest';
import {urlsIn} from '../../../../source/translate/text-tools/intent/urls.ts';

test('An address ends before the signs of its sentence, however many dots stand in it', () => {
	expect(urlsIn('See https://a.example/x.html., or "http:\\/\\/b.example/..;c";')).toEqual([
		'https://a.example/x.html',
		'http://b.example/..;c',
	]);
	const startMs = performance.now();
	const dots = `https://a.example/${'.'.repeat(200_000)}`;
	expect(urlsIn(`${dots}x`)).toEqual([`${dots}x`]);
	expect(performance.now() - startMs).toBeLessThan(1000);
});
