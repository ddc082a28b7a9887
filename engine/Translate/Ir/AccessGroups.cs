namespace Culverin.Translate.Ir;

/// <summary>Finds the <see cref="AccessGroup"/>s of a superblock.</summary>
internal sealed class AccessGroups(MicroOperationList list, bool wide)
{
    private readonly List<AccessGroup> _groups = [];
    private readonly AccessGroup?[] _open = new AccessGroup?[GuestRegister.Count];
    private AccessGroup?[] _groupOf = new AccessGroup?[512];
    private int _used;

    /// <summary>The group of an access; null if its address is no register plus constant.</summary>
    public AccessGroup? this[int operation] => _groupOf[operation];

    /// <summary>Looks through a superblock.</summary>
    public void Find(SuperblockPlan superblock)
    {
        _used = 0;
        Array.Clear(_open);
        if (_groupOf.Length < list.Count)
        {
            _groupOf = new AccessGroup?[list.Count * 2];
        }

        Array.Clear(_groupOf, 0, list.Count);
        foreach (SuperblockItem item in superblock.Items)
        {
            Find(item.Main);
            Find(item.Slot);
        }
    }

    /// <summary>Takes an address apart that nothing else uses.</summary>
    public bool TryTakeApart(int address, out int register, out int offset)
    {
        register = 0;
        offset = 0;
        MicroOperation operation = list[address];
        if (operation.UseCount != 1)
        {
            return false;
        }

        if (operation.Kind == MicroOperationKind.Add && list[operation.B].Kind == MicroOperationKind.Constant)
        {
            ulong constant = list[operation.B].Constant;
            offset = (int)constant;
            if (offset is < short.MinValue or > short.MaxValue || (wide && (long)constant != offset))
            {
                return false;
            }

            operation = list[operation.A];
        }

        register = operation.A;
        return operation.Kind == MicroOperationKind.Get;
    }

    private void Find(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            MicroOperation operation = list[index];
            if (operation.Kind == MicroOperationKind.Set)
            {
                _open[operation.A] = null;
            }
            else if (operation.Kind is MicroOperationKind.Load or MicroOperationKind.Store
                && TryTakeApart(operation.A, out int register, out int offset))
            {
                int size = (int)operation.Width;
                if (operation.IsUnaligned)
                {
                    offset = (int)operation.Constant;
                    size = (int)(operation.Constant >> 32) - offset + 1;
                }

                _groupOf[index] =
                    Add(register, offset, size, operation.Kind == MicroOperationKind.Store);
            }
        }
    }

    private AccessGroup Add(int register, int offset, int sizeBytes, bool isStore)
    {
        AccessGroup? group = _open[register];
        if (group is null || !group.TryAdd(offset, sizeBytes, isStore))
        {
            group = New(register);
            _ = group.TryAdd(offset, sizeBytes, isStore);
            _open[register] = group;
        }

        return group;
    }

    private AccessGroup New(int register)
    {
        if (_used == _groups.Count)
        {
            _groups.Add(new AccessGroup());
        }

        AccessGroup group = _groups[_used++];
        group.Reset(register);
        return group;
    }
}
