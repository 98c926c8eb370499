/**
 * A stand-in for the AWS provider of Terraform and OpenTofu, which comes from a registry that no test may ask: it has the
 * documented schema and plans what the file says. It looks at no value, and makes nothing.
 */
import { fileURLToPath } from 'node:url';
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { decode, ExtData, encode } from '@msgpack/msgpack';
import { type Attributes, PROVIDER, RESOURCES } from './aws-provider-schema.ts';
import type { Environment } from './clean-environment.ts';

export interface StandInProvider {
  /** With this, Terraform asks the stand-in in place of a provider that it would have to fetch, start and stop. */
  readonly env: Environment;
  close(): void;
}

interface Value {
  readonly msgpack: Uint8Array;
}

const PROTOCOL = loadSync(fileURLToPath(new URL('tfplugin5.proto', import.meta.url)), { keepCase: true });
/** A value that only AWS can tell (Wire Format for Terraform Objects, MessagePack Serialization Rules). */
const UNKNOWN = new ExtData(0, new Uint8Array(1));

export async function startStandInProvider(): Promise<StandInProvider> {
  const server = new Server();
  server.addService(PROTOCOL['tfplugin5.Provider'] as ServiceDefinition, {
    GetSchema: answering(() => ({
      provider: schemaOf(PROVIDER),
      resource_schemas: Object.fromEntries(Object.entries(RESOURCES).map(([type, all]) => [type, schemaOf(all)])),
    })),
    PrepareProviderConfig: answering(() => ({})),
    ValidateResourceTypeConfig: answering(() => ({})),
    Configure: answering(() => ({})),
    PlanResourceChange: answering(planned),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  // `Test`: whoever started it ends it (Debugging Providers, Terraform CLI and TF_REATTACH_PROVIDERS).
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 5,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
  };
  return {
    env: { TF_REATTACH_PROVIDERS: JSON.stringify({ 'hashicorp/aws': reattach }) },
    close: () => server.forceShutdown(),
  };
}

function answering<Request>(answer: (request: Request) => object): handleUnaryCall<Request, object> {
  return ({ request }, callback) => callback(null, answer(request));
}

function schemaOf(attributes: Attributes): object {
  const described = Object.entries(attributes).map(([name, { type, uses }]) => ({
    name,
    type: Buffer.from(JSON.stringify(type)),
    ...Object.fromEntries(uses.map((use) => [use, true])),
  }));
  return { block: { attributes: described } };
}

function planned(request: { readonly type_name: string; readonly proposed_new_state: Value }): object {
  const proposed = decode(request.proposed_new_state.msgpack) as Readonly<Record<string, unknown>>;
  const isComputed = (name: string): boolean =>
    RESOURCES[request.type_name]?.[name]?.uses.includes('computed') === true;
  const state = Object.fromEntries(
    Object.entries(proposed).map(([name, value]) => [name, value === null && isComputed(name) ? UNKNOWN : value]),
  );
  return { planned_state: { msgpack: Buffer.from(encode(state)) } };
}
