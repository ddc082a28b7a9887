using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Culverin.Harness.Report;

/// <summary>
/// What every JSON report of the harness begins with. Hashes and addresses are hexadecimal at full length,
/// amounts decimal digits in texts, since they may exceed what JSON readers take; what is not known is null.
/// </summary>
public abstract record JsonReport
{
    /// <summary>Rises when a field changes its meaning or goes away.</summary>
    [JsonPropertyOrder(-2)]
    public int SchemaVersion { get; } = 1;

    /// <summary>An integer as decimal digits; null if there is none.</summary>
    [return: NotNullIfNotNull(nameof(number))]
    protected internal static string? Digits(BigInteger? number) =>
        number?.ToString(CultureInfo.InvariantCulture);
}
