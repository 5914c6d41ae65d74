import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import {
  countSegments,
  createView,
  editView,
  listDefaults,
  listViews,
  removeView,
  setDefault,
  type ViewParts,
} from './views.ts'

export function viewRoutes(parts: ViewParts): Route[] {
  return [
    read(
      'GET /api/views',
      { needs: 'signed-in', query: shape.ViewsQuery, reply: shape.Views },
      ({ query, ...asking }) => listViews(parts, asking, query.list),
    ),
    read(
      'GET /api/views/counts',
      { needs: 'signed-in', query: shape.ViewsQuery, reply: shape.Counts },
      ({ query, ...asking }) => countSegments(parts, asking, query.list),
    ),
    read('GET /api/views/default', { needs: 'signed-in', reply: shape.Defaults }, (asking) =>
      listDefaults(asking),
    ),
    write(
      'POST /api/views/default',
      { needs: 'views:share', body: shape.DefaultView, reply: shape.DefaultView },
      ({ body, writeAtOnce, ...asking }) => setDefault(asking, body, writeAtOnce),
    ),
    write(
      'POST /api/views',
      { needs: 'signed-in', body: shape.NewView, reply: shape.View, status: 201 },
      ({ body, writeAtOnce, ...asking }) => createView(parts, asking, body, writeAtOnce),
    ),
    write(
      'PATCH /api/views/:id',
      { needs: 'signed-in', params: shape.ViewParams, body: shape.ViewEdit, reply: shape.View },
      ({ params, body, writeAtOnce, ...asking }) =>
        editView(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/views/:id',
      { needs: 'signed-in', params: shape.ViewParams, reply: shape.Removed },
      ({ params, writeAtOnce, ...asking }) => removeView(asking, params.id, writeAtOnce),
    ),
  ]
}
