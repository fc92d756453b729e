import {localToken} from './engine.ts';
import {responsesBody} from './upstream.ts';

/** Posts a turn as Codex would and reads the answer; resolves to undefined where the engine died meanwhile. */
export const askOnce = async (url: string, prompt: string): Promise<string | undefined> => {
	try {
		const response = await fetch(`${url}/v1/responses`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'x-codex-tui-token': localToken,
				'x-codex-window-id': `${prompt}:0`,
				'session-id': prompt,
				'thread-id': prompt,
			},
			body: JSON.stringify(responsesBody(prompt)),
		});
		return await response.text();
	} catch {
		return undefined;
	}
};
