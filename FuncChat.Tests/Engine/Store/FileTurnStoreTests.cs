using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

public sealed class FileTurnStoreTests : TurnStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Torn_tail_is_dropped_wherever_a_crash_cut_the_last_write()
    {
        var whole = Bytes(Header + First + Second);
        var (header, first) = (Bytes(Header).Length, Bytes(Header + First).Length);
        await (await CreateAsync(Open())).DisposeAsync();
        for (var length = header; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path(), whole[..length]);

            await using var writer = await Open().ContinueAsync(Key, None);

            Assert.Equal(length == whole.Length ? length : length >= first ? first : header, writer!.Length);
            Assert.Equal(writer.Length, new FileInfo(Path()).Length);
        }
    }

    [Fact]
    public async Task Torn_tail_is_dropped_when_it_is_longer_than_what_is_read_at_once()
    {
        var writer = await CreateAsync(Open());
        await writer.AppendAsync([Bytes(First), Bytes("id: 2\nevent: delta\ndata: " + new string('x', 100_000))], None);
        await writer.DisposeAsync();

        await using var next = await Open().ContinueAsync(Key, None);

        Assert.Equal(Bytes(Header + First).Length, next!.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Turn_whose_header_a_crash_cut_can_be_created_again(int length)
    {
        await (await CreateAsync(Open())).DisposeAsync();
        await File.WriteAllBytesAsync(Path(), Bytes(Header)[..length]);

        await using var writer = await CreateAsync(Open());

        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Removal_leaves_no_file_behind()
    {
        var log = Open();
        await using (await CreateAsync(log))
            await log.RequestStopAsync(Key, None);

        await log.RemoveOlderThanAsync(DateTimeOffset.MaxValue, None);

        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Write_that_fails_says_that_the_turn_was_not_stored()
    {
        var writer = await CreateAsync(Open());
        await writer.DisposeAsync();

        await Assert.ThrowsAsync<TurnStoreException>(async () => await writer.AppendAsync([Bytes(First)], None));
    }

    public void Dispose() => _folder.Dispose();

    protected override ITurnStore Open() => new FileTurnStore(_folder.Path);

    private string Path() => Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.log", SearchOption.AllDirectories));
}
