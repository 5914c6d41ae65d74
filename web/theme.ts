import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#eef6f6',
  '#dcebec',
  '#b7d6d8',
  '#8cbdc1',
  '#5fa3a8',
  '#3d878d',
  '#2a757b',
  '#1d6167',
  '#154e53',
  '#0d3b40',
]
const dark: MantineColorsTuple = [
  '#d9dde1',
  '#b9c0c7',
  '#98a1aa',
  '#727b85',
  '#3d444c',
  '#30363d',
  '#24292f',
  '#1a1e23',
  '#15181c',
  '#0f1215',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, dark },
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '1.3' },
      h2: { fontSize: '16px', lineHeight: '1.4' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm', fw: 500 } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    MultiSelect: { defaultProps: { size: 'sm' } },
    // Its placeholder is a child that no menu may have (WAI-ARIA); without it the first item has the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, multiline: true, maw: 280 } },
    Modal: {
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.35 } },
    },
  },
})

// Mantine's own grey for secondary text, and its red, miss the contrast that WCAG 2.2 AA asks (4.5 to 1).
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1d2329',
    '--mantine-color-dimmed': '#5b6570',
    '--mantine-color-placeholder': '#68727d',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-gray-light-color': '#3b444d',
    '--mantine-color-red-light-color': '#b3261e',
    '--mantine-color-red-filled': '#b3261e',
    '--mantine-color-red-filled-hover': '#961f18',
    '--mantine-color-anchor': '#1d6167',
    '--mantine-color-default-border': '#d5dade',
  },
  dark: {
    '--mantine-color-text': '#dfe3e7',
    '--mantine-color-dimmed': '#a0a9b2',
    '--mantine-color-placeholder': '#8a939c',
    '--mantine-color-error': '#ff9b93',
    '--mantine-color-gray-light-color': '#c3cad1',
    '--mantine-color-red-light-color': '#ff9b93',
    '--mantine-color-red-filled': '#b3261e',
    '--mantine-color-red-filled-hover': '#961f18',
    '--mantine-color-anchor': '#7fbdc2',
    '--mantine-color-petrol-light-color': '#a9d3d6',
    '--mantine-color-body': '#1a1e23',
  },
})
