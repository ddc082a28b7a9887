# The same verbs as build.sh for PowerShell. Written without a Windows machine at hand: see README, "Platforms".
param(
    [Parameter(Position = 0)] [string] $Verb = 'help',
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Rest = @()
)
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Build { Invoke-Checked dotnet @('build', 'Engine.sln', '-c', 'Release', '-v', 'quiet', '-nologo') }

function Get-Contracts {
    Invoke-Checked npm @('ci', '--prefix', 'harness/contracts', '--no-fund', '--no-audit', '--loglevel=error')
}

switch ($Verb) {
    'build' { Build }
    'test' {
        Get-Contracts
        Build
        Invoke-Checked dotnet (@('test', 'Engine.sln', '-c', 'Release', '--no-build', '-nologo') + $Rest)
    }
    'demo' {
        Get-Contracts
        Build
        Invoke-Checked dotnet (@('artifacts/bin/Culverin.Harness.Cli/release/culverin-harness.dll', 'demo') + $Rest)
    }
    'fuzz' {
        Invoke-Checked dotnet @('build', 'tests/Fuzz', '-c', 'Release', '-v', 'quiet', '-nologo')
        Invoke-Checked dotnet (@('artifacts/bin/Culverin.Fuzz/release/Culverin.Fuzz.dll') + $Rest)
    }
    'mutate' {
        Get-Contracts
        Invoke-Checked dotnet @('build', 'tests/Mutations', '-c', 'Release', '-v', 'quiet', '-nologo')
        Invoke-Checked dotnet (@('artifacts/bin/Culverin.Mutations/release/Culverin.Mutations.dll') + $Rest)
    }
    'publish' {
        $runtime = if ($IsMacOS) { 'osx-arm64' } elseif ($IsLinux) { 'linux-x64' } else { 'win-x64' }
        Invoke-Checked dotnet @(
            'publish', 'bindings/cli', '-c', 'Release', '-r', $runtime, '-o', 'artifacts/publish/native')
        Invoke-Checked dotnet @(
            'publish', 'bindings/c', '-c', 'Release', '-r', $runtime, '-o', 'artifacts/publish/library')
    }
    'bench' {
        Build
        Invoke-Checked dotnet (@('artifacts/bin/Culverin.Bench/release/Culverin.Bench.dll') + $Rest)
    }
    'check' {
        Invoke-Checked dotnet @('restore', 'Engine.sln', '--locked-mode', '-v', 'quiet')
        Invoke-Checked dotnet @('format', 'Engine.sln', '--no-restore', '--verify-no-changes')
        Build
        Invoke-Checked dotnet @('test', 'tests/Tidy', '-c', 'Release', '--no-build', '-nologo')
    }
    default { Write-Output 'usage: ./build.ps1 build | test | mutate | demo | fuzz | publish | bench | check' }
}
