import 'reflect-metadata'
import { createVerifier } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { Auth, AuthModule, Claims, Demands, Public, Scopes } from '@jotwarden/verifier/nest'
import { ApolloDriver } from '@nestjs/apollo'
import { Controller, Get, Module, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { FastifyAdapter } from '@nestjs/platform-fastify'

// An application of NestJS, for edges/verifier/test/adapters/nest.test.ts

const resourceMetadata = 'https://api.example/.well-known/oauth-protected-resource'

@Controller()
class Everything {
  @Get('any')
  any(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('read')
  @Demands({ scopes: ['read'], realm: 'orders' })
  read(@Claims() claims) {
    return { subject: claims.sub }
  }

  @Get('admin')
  @Scopes('read', 'admin')
  admin(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('either')
  @Demands({ anyScope: ['admin', 'read'] })
  either(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('neither')
  @Demands({ anyScope: ['admin', 'owner'] })
  neither(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('gold')
  @Demands({ acrValues: ['urn:gold'], maxAge: 300 })
  gold(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('optional')
  @Demands({ optional: true })
  optional(@Auth() auth) {
    return { subject: auth?.subject ?? null }
  }

  @Get('described')
  @Demands({ resourceMetadata })
  described(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('inside')
  inside(@Auth() auth, @Res({ passthrough: true }) response) {
    response.header('x-partial', 'secret')
    auth.require('admin')
    return { subject: auth.subject }
  }

  @Get('broken')
  broken() {
    throw new TypeError('a mistake of the route')
  }

  @Get('public')
  @Public()
  public(@Auth() auth) {
    return { subject: auth?.subject ?? null }
  }
}

@Controller('open')
@Public()
class Open {
  @Get()
  all() {
    return { subject: null }
  }

  @Get('admin')
  @Scopes('admin')
  admin(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('torn')
  @Public()
  @Scopes('admin')
  torn(@Auth() auth) {
    return { subject: auth.subject }
  }
}

@Controller('closed')
@Scopes('read')
class Closed {
  @Get()
  all(@Auth() auth) {
    return { subject: auth.subject }
  }

  @Get('admin')
  @Scopes('admin')
  admin(@Auth() auth) {
    return { subject: auth.subject }
  }
}

@Resolver()
class Whoami {
  @Query(() => String)
  subject(@Auth() auth) {
    return auth.subject
  }

  @Query(() => String)
  @Scopes('admin')
  admin(@Auth() auth) {
    return auth.subject
  }

  @Query(() => String)
  @Public()
  open() {
    return 'open'
  }
}

/** Listens on a free loopback port. `takes` says whether bound tokens are taken too. */
export async function start(
  platform: 'express' | 'fastify',
  options: object,
  takes: 'bearer' | 'bound' = 'bearer',
): Promise<object> {
  const bound = takes === 'bound' ? { dpop: dpop({ required: false, nonce: null }) } : {}
  const auth = AuthModule.forRootAsync({
    useFactory: async () => ({ verifier: createVerifier({ ...options, ...bound }) }),
  })
  const graphql = GraphQLModule.forRoot({ driver: ApolloDriver, autoSchemaFile: true, playground: false })

  @Module({
    imports: platform === 'express' ? [auth, graphql] : [auth],
    controllers: [Everything, Open, Closed],
    providers: [Whoami],
  })
  class App {}

  const quiet = { logger: false } as const
  const app =
    platform === 'fastify'
      ? await NestFactory.create(App, new FastifyAdapter(), quiet)
      : await NestFactory.create(App, quiet)
  await app.listen(0, '127.0.0.1')
  return { origin: `http://127.0.0.1:${app.getHttpServer().address().port}`, stop: () => app.close() }
}
