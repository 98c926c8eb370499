export declare function totpCode(secret: Uint8Array, step: number): string;
