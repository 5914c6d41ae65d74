import { type Route, read, write } from '#security/access/route.ts'
import { IdParams } from '../contract.ts'
import { Deleted, NewTask, Task, TaskEdit, TaskPage, TaskQuery } from './contract.ts'
import { createTask, editTask, listTasks, removeTask, showTask, type TaskParts } from './tasks.ts'

export function taskRoutes(parts: TaskParts): Route[] {
  return [
    read(
      'GET /api/tasks',
      { needs: 'tasks:see', query: TaskQuery, reply: TaskPage },
      ({ query, ...asking }) => listTasks(parts, asking, query),
    ),
    read(
      'GET /api/tasks/:id',
      { needs: 'tasks:see', params: IdParams, reply: Task },
      ({ params, ...asking }) => showTask(parts, asking, params.id),
    ),
    write(
      'POST /api/tasks',
      { needs: 'tasks:create', body: NewTask, reply: Task, status: 201 },
      ({ body, writeAtOnce, ...asking }) => createTask(parts, asking, body, writeAtOnce),
    ),
    write(
      'PATCH /api/tasks/:id',
      { needs: 'tasks:edit', params: IdParams, body: TaskEdit, reply: Task },
      ({ params, body, writeAtOnce, ...asking }) =>
        editTask(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/tasks/:id',
      { needs: 'tasks:delete', params: IdParams, reply: Deleted },
      ({ params, writeAtOnce, ...asking }) => removeTask(asking, params.id, writeAtOnce),
    ),
  ]
}
