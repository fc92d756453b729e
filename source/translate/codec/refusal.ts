import {RelayError} from '../../base/errors.ts';

/**
 * A request that cannot be carried over: the client gets 400 with `wireCode` and `parameter` in its own dialect's error
 * object, because asking again would change nothing (translation.md 2.9).
 */
export class TranslationRefusal extends RelayError {
	override readonly name = 'TranslationRefusal';
	/** For the client's error object: `invalid_request_error`, `unsupported_parameter`, `invalid_encrypted_content`, … */
	readonly wireCode: string;
	/** The field of the request that is to blame. */
	readonly parameter: string | undefined;

	constructor(wireCode: string, message: string, parameter?: string) {
		super('request-refused', message);
		this.wireCode = wireCode;
		this.parameter = parameter;
	}
}
