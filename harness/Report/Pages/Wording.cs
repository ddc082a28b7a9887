using System.Globalization;
using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Pages;

/// <summary>Says numbers, amounts, times and hashes as people read them.</summary>
public static class Wording
{
    private const int EtherDigits = 18;
    private const int HashDigitsShown = 6;
    private const int AddressDigitsShown = 4;
    private const ulong DaySeconds = 86_400;
    private const ulong HourSeconds = 3_600;
    private const ulong MinuteSeconds = 60;

    /// <summary>An amount of wei in ether, exactly: as many decimals as it has.</summary>
    public static string Ether(BigInteger wei) => $"{Decimal(wei)} ETH";

    /// <summary>
    /// The same, rounded down to four decimals; for tables, beside which the exact one is told.
    /// </summary>
    public static string RoundedEther(BigInteger wei)
    {
        BigInteger unit = BigInteger.Pow(10, EtherDigits - 4);
        BigInteger rounded = BigInteger.Abs(wei) / unit * unit;
        string text = rounded.IsZero && !wei.IsZero ? "<0.0001" : Decimal(rounded);
        return $"{(wei.Sign < 0 ? "−" : "")}{text} ETH";
    }

    /// <summary>A number with its thousands apart.</summary>
    public static string Number(BigInteger number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The first and last digits of a hash, enough to tell any two apart.</summary>
    public static string Abridge(Bytes32 hash) => Abridge(hash.ToString(), HashDigitsShown);

    /// <summary>The first and last digits of an address.</summary>
    public static string Abridge(Address address) => Abridge(address.ToString(), AddressDigitsShown);

    /// <summary>A time as day and clock since another, the first day being 0.</summary>
    public static string Time(ulong timestampSeconds, ulong startSeconds)
    {
        ulong seconds = timestampSeconds - ulong.Min(timestampSeconds, startSeconds);
        TimeSpan clock = TimeSpan.FromSeconds(seconds % DaySeconds);
        return string.Create(
            CultureInfo.InvariantCulture, $"day {seconds / DaySeconds}, {clock:hh\\:mm\\:ss}");
    }

    /// <summary>A length of time in its two largest units.</summary>
    public static string Duration(ulong seconds) => seconds switch
    {
        >= DaySeconds => Join(seconds / DaySeconds, "day", seconds % DaySeconds / HourSeconds, "h"),
        >= HourSeconds => Join(seconds / HourSeconds, "h", seconds % HourSeconds / MinuteSeconds, "min"),
        >= MinuteSeconds => Join(seconds / MinuteSeconds, "min", seconds % MinuteSeconds, "s"),
        _ => $"{Number(seconds)} s",
    };

    private static string Join(ulong large, string largeUnit, ulong small, string smallUnit)
    {
        string unit = largeUnit == "day" && large != 1 ? "days" : largeUnit;
        return small == 0 ? $"{Number(large)} {unit}" : $"{Number(large)} {unit} {Number(small)} {smallUnit}";
    }

    private static string Decimal(BigInteger wei)
    {
        string sign = wei.Sign < 0 ? "−" : "";
        BigInteger unit = BigInteger.Pow(10, EtherDigits);
        BigInteger whole = BigInteger.DivRem(BigInteger.Abs(wei), unit, out BigInteger rest);
        string digits = rest
            .ToString(CultureInfo.InvariantCulture)
            .PadLeft(EtherDigits, '0')
            .TrimEnd('0');
        return digits.Length == 0 ? sign + Number(whole) : $"{sign}{Number(whole)}.{digits}";
    }

    private static string Abridge(string text, int digits) => $"{text[..(2 + digits)]}…{text[^digits..]}";
}
