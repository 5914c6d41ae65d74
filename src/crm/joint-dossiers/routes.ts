import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import { changeJointDossier, createJointDossier, endJointDossier } from './joint-dossiers.ts'
import { type JointDossierParts, listJointDossiers, showJointDossier } from './opening.ts'
import { addParty, changeParty, removeParty } from './parties.ts'

export function jointDossierRoutes(parts: JointDossierParts): Route[] {
  const changing = { needs: 'people:edit', reply: shape.JointDossier } as const
  const ofOne = { ...changing, params: shape.JointDossierId } as const
  const ofParty = { ...changing, params: shape.PartyPlace } as const
  return [
    read(
      'GET /api/people/:id/joint-dossiers',
      { needs: 'people:see', params: shape.JointDossierId, reply: shape.JointDossiers },
      ({ params, ...asking }) => listJointDossiers(parts, asking, params.id),
    ),
    read(
      'GET /api/joint-dossiers/:id',
      { needs: 'people:see', params: shape.JointDossierId, reply: shape.JointDossier },
      ({ params, ...asking }) => showJointDossier(parts, asking, params.id),
    ),
    write(
      'POST /api/joint-dossiers',
      { ...changing, body: shape.NewJointDossier, status: 201 },
      ({ body, writeAtOnce, ...asking }) => createJointDossier(parts, asking, body, writeAtOnce),
    ),
    write(
      'PATCH /api/joint-dossiers/:id',
      { ...ofOne, body: shape.JointDossierEdit },
      ({ params, body, writeAtOnce, ...asking }) =>
        changeJointDossier(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'POST /api/joint-dossiers/:id/end',
      { ...ofOne, body: shape.Version },
      ({ params, body, writeAtOnce, ...asking }) =>
        endJointDossier(parts, asking, params.id, body, 'ended', writeAtOnce),
    ),
    write(
      'POST /api/joint-dossiers/:id/reopen',
      { ...ofOne, body: shape.Version },
      ({ params, body, writeAtOnce, ...asking }) =>
        endJointDossier(parts, asking, params.id, body, 'going-on', writeAtOnce),
    ),
    write(
      'POST /api/joint-dossiers/:id/parties',
      { ...ofOne, body: shape.NewParty, status: 201 },
      ({ params, body, writeAtOnce, ...asking }) =>
        addParty(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'PATCH /api/joint-dossiers/:id/parties/:partyId',
      { ...ofParty, body: shape.PartyEdit },
      ({ params, body, writeAtOnce, ...asking }) =>
        changeParty(parts, asking, params, body, writeAtOnce),
    ),
    write(
      'DELETE /api/joint-dossiers/:id/parties/:partyId',
      { ...ofParty, reply: shape.Removed },
      ({ params, writeAtOnce, ...asking }) => removeParty(parts, asking, params, writeAtOnce),
    ),
  ]
}
