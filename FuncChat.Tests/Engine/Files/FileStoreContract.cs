using System.Text;
using FuncChat.Engine.Files;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Files;

/// <summary>What every store of files promises. A store's own tests derive from this.</summary>
public abstract class FileStoreContract
{
    protected static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A user of this test alone, where tests share a store.</summary>
    protected string User { get; } = $"Ada <ada@example.com>/{Guid.NewGuid():N}";

    /// <summary>An instance over the test's own store: each call returns another one over the same.</summary>
    protected abstract IFileStore Open();

    /// <summary>The names of all that is stored.</summary>
    protected abstract Task<IReadOnlyList<string>> NamesAsync();

    [Fact]
    public async Task Clock_of_an_empty_store_is_right()
    {
        var now = TimeProvider.System.GetUtcNow();

        Assert.InRange(await Open().NowAsync(None), now.AddMinutes(-5), now.AddMinutes(5));
    }

    [Fact]
    public async Task File_is_read_as_it_was_written()
    {
        var file = File() with { Name = "Grüße 世界.pdf", ThreadId = "thread-0001", HasText = true, TextNote = "Only the first page." };

        await Open().WriteAsync(file, new byte[] { 0, 1, 255 }, "Grüße", None);

        Assert.Equal(file, await Open().ReadAsync(file.Key, None));
        Assert.Equal(new byte[] { 0, 1, 255 }, await Open().ReadContentAsync(file.Key, None));
        Assert.Equal("Grüße", await Open().ReadTextAsync(file.Key, None));
    }

    [Fact]
    public async Task File_that_was_never_written_is_none()
    {
        var key = File().Key;

        Assert.Null(await Open().ReadAsync(key, None));
        Assert.Null(await Open().ReadContentAsync(key, None));
        Assert.Null(await Open().ReadTextAsync(key, None));
        Assert.Empty(await Open().ListAsync(User, None));
        await Open().DeleteAsync(key, None);
        await Open().UpdateAsync(File(), None);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Damaged_file_is_none_and_keeps_no_other_from_being_listed()
    {
        var (damaged, other) = (File(), File());
        await Open().WriteAsync(damaged, "x"u8.ToArray(), null, None);
        await Open().WriteAsync(other, "x"u8.ToArray(), null, None);

        await DamageAsync(damaged.Key, "");

        Assert.Null(await Open().ReadAsync(damaged.Key, None));
        Assert.Equal([other], await Open().ListAsync(User, None));
        var old = new List<StoredFile>();
        await foreach (var file in Open().ListCreatedBeforeAsync(Now.AddDays(1), None))
        {
            if (file.User == User)
                old.Add(file);
        }

        Assert.Equal([other], old);
        Assert.True(await Open().DeleteAsync(damaged.Key, None));
        Assert.False(await Open().DeleteAsync(damaged.Key, None));
    }

    [Fact]
    public async Task File_is_read_as_it_was_written_or_damaged_whichever_field_is_another()
    {
        var file = File();
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);
        foreach (var (at, json) in JsonDamage.Of(Encoding.UTF8.GetString(file.ToJson())))
        {
            await DamageAsync(file.Key, json);

            var read = await Open().ReadAsync(file.Key, None);
            Assert.True(read is null || (read.Key == file.Key && read is { Name: not null, MediaType: not null, Bytes: >= 0 and <= int.MaxValue }), at);
            Assert.Equal(read is null ? 0 : 1, (await Open().ListAsync(User, None)).Count);
        }
    }

    [Fact]
    public async Task Damaged_file_expires()
    {
        var (damaged, other) = (File(), File());
        await Open().WriteAsync(damaged, "x"u8.ToArray(), "text", None);
        await Open().WriteAsync(other, "x"u8.ToArray(), null, None);
        await DamageAsync(damaged.Key, "{}");
        var now = TimeProvider.System.GetUtcNow();

        await Open().RemoveRemainsAsync(now.AddDays(1), now.AddDays(-1), None);
        Assert.NotNull(await Open().ReadContentAsync(damaged.Key, None));
        await Open().RemoveRemainsAsync(now.AddDays(1), now.AddDays(1), None);
        Assert.False(await Open().DeleteAsync(damaged.Key, None));
        Assert.NotNull(await Open().ReadAsync(other.Key, None));
    }

    [Fact]
    public async Task File_of_another_user_is_none()
    {
        var file = File();
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);

        Assert.Null(await Open().ReadAsync(file.Key with { User = $"{User}x" }, None));
        Assert.Null(await Open().ReadContentAsync(file.Key with { User = $"{User}x" }, None));
        Assert.Empty(await Open().ListAsync($"{User}x", None));
        await Open().DeleteAsync(file.Key with { User = $"{User}x" }, None);
        Assert.NotNull(await Open().ReadAsync(file.Key, None));
    }

    [Fact]
    public async Task Update_changes_the_document_and_not_the_content()
    {
        var file = File();
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);

        await Open().UpdateAsync(file with { ThreadId = "thread-0001" }, None);

        Assert.Equal("thread-0001", (await Open().ReadAsync(file.Key, None))!.ThreadId);
        Assert.Equal("x"u8.ToArray(), await Open().ReadContentAsync(file.Key, None));
    }

    [Fact]
    public async Task Deletion_leaves_nothing_of_the_file_and_all_of_another()
    {
        var (file, other) = (File(), File());
        await Open().WriteAsync(file, "x"u8.ToArray(), "text", None);
        await Open().WriteAsync(other, "y"u8.ToArray(), "text", None);

        await Open().DeleteAsync(file.Key, None);

        Assert.Equal([other], await Open().ListAsync(User, None));
        Assert.DoesNotContain(await NamesAsync(), name => name.Contains(file.Id, StringComparison.Ordinal));
        Assert.Equal("text", await Open().ReadTextAsync(other.Key, None));
    }

    [Fact]
    public async Task Files_of_all_users_are_found_by_their_age()
    {
        var (old, recent) = (File() with { CreatedAt = Now.AddDays(-2) }, File());
        var other = File() with { User = $"{User}x", CreatedAt = Now.AddDays(-2) };
        foreach (var file in new[] { old, recent, other })
            await Open().WriteAsync(file, "x"u8.ToArray(), "text", None);

        var found = new List<StoredFile>();
        await foreach (var file in Open().ListCreatedBeforeAsync(Now.AddDays(-1), None))
            found.Add(file);

        Assert.Equal(new[] { old, other }.OrderBy(file => file.Id), found.OrderBy(file => file.Id));
    }

    [Fact]
    public async Task Remains_of_an_upload_that_a_crash_cut_are_removed_and_no_file()
    {
        var (file, remains) = (File(), File());
        await Open().WriteAsync(file, "x"u8.ToArray(), "text", None);
        await LeaveRemainsAsync(remains);

        await Open().RemoveRemainsAsync(TimeProvider.System.GetUtcNow().AddDays(-1), DateTimeOffset.MinValue, None);
        Assert.Contains(await NamesAsync(), name => name.Contains(remains.Id, StringComparison.Ordinal));
        await Open().RemoveRemainsAsync(TimeProvider.System.GetUtcNow().AddDays(1), DateTimeOffset.MinValue, None);

        Assert.DoesNotContain(await NamesAsync(), name => name.Contains(remains.Id, StringComparison.Ordinal));
        Assert.Equal("text", await Open().ReadTextAsync(file.Key, None));
        Assert.Equal("x"u8.ToArray(), await Open().ReadContentAsync(file.Key, None));
    }

    /// <summary>Stores what an upload stores before its document.</summary>
    protected abstract Task LeaveRemainsAsync(StoredFile file);

    /// <summary>Replaces the document of a file.</summary>
    protected abstract Task DamageAsync(FileKey key, string json);

    protected StoredFile File() => new()
    {
        User = User,
        Id = FileKey.NewFileId(),
        Name = "a.txt",
        MediaType = "text/plain",
        Bytes = Encoding.UTF8.GetByteCount("x"),
        CreatedAt = Now,
    };
}
