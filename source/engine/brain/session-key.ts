import type {Service} from '../../wire/names.ts';

/** The key of what is kept for one session: ids are unique within a service only. */
export const sessionKey = (service: Service, sessionId: string): string => `${service} ${sessionId}`;

/** What a {@link sessionKey} was made of; undefined for a text that none makes. */
export const readSessionKey = (key: string): {readonly service: Service; readonly sessionId: string} | undefined => {
	const [, service, sessionId] = /^(codex|claude) (.*)$/s.exec(key) ?? [];
	return sessionId === undefined ? undefined : {service: service === 'claude' ? 'claude' : 'codex', sessionId};
};
