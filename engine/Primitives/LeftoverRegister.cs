namespace Culverin.Primitives;

/// <summary>The list behind <see cref="Leftovers"/>, which has one for the process.</summary>
internal sealed class LeftoverRegister
{
    /// <summary>A file system that does not answer must not keep the process from its end.</summary>
    private static readonly TimeSpan MakingTimeMax = TimeSpan.FromSeconds(2);

    private readonly Lock _making = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Registration> _registered = [];

    /// <summary>See <see cref="Leftovers.Remove"/>.</summary>
    public void Remove()
    {
        // What is being made is waited for. The lock is kept: threads that would make something stop there
        // until the process has ended.
        _ = _making.TryEnter(MakingTimeMax);
        Registration[] all;
        lock (_gate)
        {
            all = [.. _registered];
            _registered.Clear();
        }

        foreach (Registration registration in all)
        {
            registration.Act();
        }
    }

    /// <summary>See <see cref="Leftovers.Make"/>.</summary>
    public T Make<T>(Func<T> make)
    {
        lock (_making)
        {
            return make();
        }
    }

    /// <summary>See <see cref="Leftovers.Register"/>.</summary>
    public IDisposable Register(Action remove)
    {
        var registration = new Registration(this, remove);
        lock (_gate)
        {
            _ = _registered.Add(registration);
        }

        return registration;
    }

    private sealed class Registration(LeftoverRegister register, Action remove) : IDisposable
    {
        public void Act() => remove();

        public void Dispose()
        {
            lock (register._gate)
            {
                _ = register._registered.Remove(this);
            }
        }
    }
}
