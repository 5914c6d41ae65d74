/** Words of filling in: days, addresses, phone numbers, e-mail addresses. */
export const entry = {
  dayPlaceholder: { nl: 'dd/mm/jjjj', en: 'dd/mm/yyyy' },
  dayWrong: { nl: 'Typ een dag als 3/9/1978.', en: 'Type a day such as 3/9/1978.' },
  timeOfDay: { nl: 'uur', en: 'time' },
  timeWrong: { nl: 'Typ een uur als 9:30.', en: 'Type a time such as 9:30.' },
  openCalendar: { nl: 'Kalender openen', en: 'Open the calendar' },
  nextMonth: { nl: 'Volgende maand', en: 'Next month' },
  previousMonth: { nl: 'Vorige maand', en: 'Previous month' },
  nextYear: { nl: 'Volgend jaar', en: 'Next year' },
  previousYear: { nl: 'Vorig jaar', en: 'Previous year' },
  nextDecade: { nl: 'Volgende tien jaar', en: 'Next ten years' },
  previousDecade: { nl: 'Vorige tien jaar', en: 'Previous ten years' },
  chooseMonth: { nl: 'Kies een maand', en: 'Choose a month' },
  chooseYear: { nl: 'Kies een jaar', en: 'Choose a year' },
} satisfies Record<string, { nl: string; en: string }>
