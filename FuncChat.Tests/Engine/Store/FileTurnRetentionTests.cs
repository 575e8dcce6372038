using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Removal of turns in files.</summary>
public sealed class FileTurnRetentionTests : TurnRetentionContract<FileTurnStore>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override int RemovalRounds => 200;

    [Fact]
    public async Task Removal_leaves_no_file_of_a_turn_and_no_empty_folder()
    {
        var store = Open();
        await using (await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await store.MarkFollowedAsync(Key, None);
        }

        await store.RemoveOlderThanAsync(AnyAge, None);

        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder.Path, "turns")));
    }

    [Fact]
    public async Task Removal_leaves_nothing_that_a_full_disk_or_a_crash_has_left_of_a_turn()
    {
        var paths = Open().PathsOf(Key);
        Directory.CreateDirectory(paths.Folder);
        await File.WriteAllTextAsync(paths.Lease, "");
        await File.WriteAllTextAsync(paths.Signals, "{}");

        await Open().RemoveOlderThanAsync(TimeSpan.FromDays(1), None);
        Assert.Equal([paths.Lease, paths.Signals], Directory.EnumerateFiles(paths.Folder).Order(StringComparer.Ordinal));
        await Open().RemoveOlderThanAsync(AnyAge, None);

        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder.Path, "turns")));
    }

    [LinuxFact]
    public async Task Turn_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        var keys = Enumerable.Range(0, 5).Select(turn => Key with { TurnId = $"turn-000{turn}" }).ToList();
        foreach (var key in keys)
            await (await Open().CreateAsync(key, Bytes(Header), None))!.DisposeAsync();

        // A link into a folder that is missing can't be locked.
        File.Delete(Open().PathsOf(keys[2]).Lease);
        File.CreateSymbolicLink(Open().PathsOf(keys[2]).Lease, Path.Combine(_folder.Path, "missing", "lease"));

        await Assert.ThrowsAnyAsync<Exception>(() => Open().RemoveOlderThanAsync(AnyAge, None));

        Assert.Equal(Open().PathsOf(keys[2]).Log, Log());
    }

    [Fact]
    public async Task Folder_in_the_place_of_a_turn_is_damaged_and_expires()
    {
        var paths = Open().PathsOf(Key);
        Directory.CreateDirectory(Path.Combine(paths.Log, "inner"));

        Assert.Equal(TurnStoreFailure.Damaged, (await Assert.ThrowsAsync<TurnStoreException>(() => Open().OpenAsync(Key, None))).Reason);
        await Open().RemoveOlderThanAsync(AnyAge, None);

        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder.Path, "turns")));
    }

    public void Dispose() => _folder.Dispose();

    protected override FileTurnStore Open() => new(_folder.Path);

    private string Log() => Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.log", SearchOption.AllDirectories));
}
