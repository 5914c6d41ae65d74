import { queryOptions } from '@tanstack/react-query'
import { ask } from '../../api/client.ts'
import type { Alarm, Budget, Canaries, Freeze, Habits, OwnUse, Uses } from '../../api/shapes.ts'

export const ownUseQuery = queryOptions({
  queryKey: ['budgets', 'own'],
  queryFn: () => ask<OwnUse>('GET', '/api/budgets/own'),
})
export const budgetsQuery = queryOptions({
  queryKey: ['budgets', 'limits'],
  queryFn: () => ask<{ items: Budget[] }>('GET', '/api/budgets'),
})
export const usesQuery = queryOptions({
  queryKey: ['budgets', 'use'],
  queryFn: () => ask<Uses>('GET', '/api/budgets/use'),
})
export const habitsQuery = queryOptions({
  queryKey: ['budgets', 'habits'],
  queryFn: () => ask<Habits>('GET', '/api/budgets/habits'),
})
export const freezesQuery = queryOptions({
  queryKey: ['budgets', 'freezes'],
  queryFn: () => ask<{ items: Freeze[] }>('GET', '/api/freezes'),
})
export const alarmsQuery = queryOptions({
  queryKey: ['budgets', 'alarms'],
  queryFn: () => ask<{ items: Alarm[]; open: number }>('GET', '/api/alarms'),
})
export const canariesQuery = queryOptions({
  queryKey: ['budgets', 'canaries'],
  queryFn: () => ask<Canaries>('GET', '/api/canaries'),
})
