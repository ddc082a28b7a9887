using System.Diagnostics;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>Checks that several oracle tests share.</summary>
internal static class OracleAssert
{
    /// <summary>The action fails with the given code; the message is a whole sentence.</summary>
    public static CulverinException Fails(ErrorCode code, Action action)
    {
        CulverinException error = Assert.Throws<CulverinException>(action);
        Assert.True(code == error.Code, $"expected {code}, got {error.Code}: {error.Message}");
        Assert.True(char.IsUpper(error.Message[0]), error.Message);
        return error;
    }

    /// <summary>As <see cref="Fails"/>, and within the given time.</summary>
    public static CulverinException FailsWithin(TimeSpan time, ErrorCode code, Action action)
    {
        var watch = Stopwatch.StartNew();
        CulverinException error = Fails(code, action);
        Assert.True(watch.Elapsed < time, $"it took {watch.Elapsed}: {error.Message}");
        return error;
    }
}
