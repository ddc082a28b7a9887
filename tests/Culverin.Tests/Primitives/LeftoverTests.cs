using Culverin.Primitives;
using Culverin.Tests.Oracle;
using Xunit;

namespace Culverin.Tests.Primitives;

/// <summary>Nothing stays behind, however the end meets what is being made.</summary>
public sealed class LeftoverTests
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void WhatIsBeingMadeAtTheEndIsRemovedToo()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        var register = new LeftoverRegister();
        using var begun = new ManualResetEventSlim();
        Thread maker = Start(() => register.Make(() =>
        {
            begun.Set();
            Thread.Sleep(ShortTime);
            File.WriteAllText(path, "a");
            return register.Register(() => File.Delete(path));
        }));
        begun.Wait();
        register.Remove();
        maker.Join();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void NothingIsMadeAfterTheEnd()
    {
        var register = new LeftoverRegister();
        bool isMade = false;
        register.Remove();
        Thread maker = Start(() => register.Make(() => isMade = true));
        Assert.False(maker.Join(ShortTime));
        Assert.False(isMade);
    }

    [Fact]
    public void WhatIsFinishedStays()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        var register = new LeftoverRegister();
        IDisposable registration = register.Make(() =>
        {
            File.WriteAllText(path, "a");
            return register.Register(() => File.Delete(path));
        });
        registration.Dispose();
        register.Remove();
        Assert.True(File.Exists(path));
    }

    private static Thread Start(Action body)
    {
        var thread = new Thread(() => body()) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
