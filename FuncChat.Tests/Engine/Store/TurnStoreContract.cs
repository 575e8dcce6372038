using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>What every turn log promises. A log's own tests derive from this.</summary>
public abstract class TurnStoreContract
{
    private static readonly DateTimeOffset BeforeAll = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset AfterAll = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected const string Header = "{\"turn\":1}\n\n";
    protected const string First = "id: 1\nevent: delta\ndata: {\"content\":\"é\"}\n\n";
    protected const string Second = "id: 2\nevent: complete\ndata: {}\n\n";

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A key of this test alone, where tests share a store.</summary>
    protected TurnKey Key { get; } = new($"user-{Guid.NewGuid():N}", "turn-0001");

    /// <summary>An instance over the test's own store: each call gives another one over the same.</summary>
    protected abstract ITurnStore Open();

    [Fact]
    public async Task Log_holds_its_header_first_and_then_what_is_appended()
    {
        var log = Open();
        await using var writer = await CreateAsync(log);
        Assert.Equal(Bytes(Header).Length, writer.Length);

        await writer.AppendAsync([Bytes(First)], None);
        await writer.AppendAsync([Bytes(Second).AsMemory(0, 5), Bytes(Second).AsMemory(5)], None);

        Assert.Equal(Header + First + Second, await ReadAsync(log));
        Assert.Equal(Bytes(Header + First + Second).Length, writer.Length);
    }

    [Fact]
    public async Task Log_is_created_once()
    {
        await using (await CreateAsync(Open()))
            Assert.Null(await Open().CreateAsync(Key, Bytes("{\"turn\":2}\n\n"), None));

        Assert.Null(await Open().CreateAsync(Key, Bytes("{\"turn\":2}\n\n"), None));
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Log_is_created_by_one_of_many_that_try_at_once()
    {
        var writers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().CreateAsync(Key, Bytes(Header), None))));

        await using var writer = Assert.Single(writers, writer => writer is not null);
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Log_is_continued_by_one_of_many_that_try_at_once()
    {
        await (await CreateAsync(Open())).DisposeAsync();

        var writers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().ContinueAsync(Key, None))));

        await using var writer = Assert.Single(writers, writer => writer is not null);
    }

    [Fact]
    public async Task Log_has_one_writer_at_a_time_across_instances()
    {
        var log = Open();
        await using var writer = await CreateAsync(log);

        Assert.Null(await log.ContinueAsync(Key, None));
        Assert.Null(await Open().ContinueAsync(Key, None));
    }

    [Fact]
    public async Task Log_is_continued_when_its_writer_is_gone()
    {
        var writer = await CreateAsync(Open());
        await writer.AppendAsync([Bytes(First)], None);
        await writer.DisposeAsync();

        await using var next = await Open().ContinueAsync(Key, None);
        Assert.NotNull(next);
        Assert.Equal(Bytes(Header + First).Length, next.Length);
        await next.AppendAsync([Bytes(Second)], None);

        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Reader_sees_what_is_appended_after_it_was_opened()
    {
        var log = Open();
        await using var writer = await CreateAsync(log);
        await using var reader = await Open().OpenAsync(Key, None);
        Assert.NotNull(reader);
        var offset = Bytes(Header).Length;
        var buffer = new byte[256];
        Assert.Equal(0, await reader.ReadAsync(offset, buffer, None));

        await writer.AppendAsync([Bytes(First)], None);

        var read = await reader.ReadAsync(offset, buffer, None);
        Assert.Equal(First, Encoding.UTF8.GetString(buffer, 0, read));
        Assert.Equal(0, await reader.ReadAsync(offset + read, buffer, None));
    }

    [Fact]
    public async Task Reader_reads_from_any_offset_into_a_buffer_of_any_size()
    {
        var log = Open();
        await using var writer = await CreateAsync(log);
        await writer.AppendAsync([Bytes(First), Bytes(Second)], None);
        await using var reader = await log.OpenAsync(Key, None);
        var whole = Bytes(Header + First + Second);

        var one = new byte[1];
        for (var offset = 0; offset < whole.Length; offset++)
        {
            Assert.Equal(1, await reader!.ReadAsync(offset, one, None));
            Assert.Equal(whole[offset], one[0]);
        }
    }

    [Fact]
    public async Task Log_takes_an_event_larger_than_any_buffer()
    {
        var log = Open();
        await using var writer = await CreateAsync(log);
        var large = $"id: 1\nevent: delta\ndata: {{\"content\":\"{new string('x', 1_000_000)}\"}}\n\n";

        await writer.AppendAsync([Bytes(large)], None);

        Assert.Equal(Header + large, await ReadAsync(log));
    }

    [Fact]
    public async Task Writer_sees_a_stop_that_another_instance_asked_for()
    {
        await using var writer = await CreateAsync(Open());
        Assert.False(await writer.IsStopRequestedAsync(None));

        await Open().RequestStopAsync(Key, None);

        Assert.True(await writer.IsStopRequestedAsync(None));
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Writer_that_continues_sees_a_stop_asked_of_the_one_before()
    {
        await using (await CreateAsync(Open()))
            await Open().RequestStopAsync(Key, None);

        await using var next = await Open().ContinueAsync(Key, None);

        Assert.True(await next!.IsStopRequestedAsync(None));
    }

    [Fact]
    public async Task Removal_by_age_takes_old_turns_and_spares_those_that_are_written()
    {
        var log = Open();
        await using (await CreateAsync(log))
        {
            await log.RequestStopAsync(Key, None);
            await Open().RemoveOlderThanAsync(AfterAll, None);
            Assert.Equal(Header, await ReadAsync(log));
        }

        await log.RemoveOlderThanAsync(BeforeAll, None);
        Assert.Equal(Header, await ReadAsync(log));

        await Open().RemoveOlderThanAsync(AfterAll, None);
        Assert.Null(await log.OpenAsync(Key, None));
        Assert.Null(await log.ContinueAsync(Key, None));
    }

    [Fact]
    public async Task Removed_turn_can_be_created_again_without_the_stop_that_was_asked_of_it()
    {
        var log = Open();
        await using (await CreateAsync(log))
            await log.RequestStopAsync(Key, None);
        await log.RemoveOlderThanAsync(AfterAll, None);

        await using var again = await CreateAsync(log);

        Assert.False(await again.IsStopRequestedAsync(None));
    }

    [Fact]
    public async Task Turn_that_never_was_is_neither_read_nor_continued_nor_stopped()
    {
        var log = Open();

        Assert.Null(await log.OpenAsync(Key, None));
        Assert.Null(await log.ContinueAsync(Key, None));
        await log.RequestStopAsync(Key, None);
        Assert.Null(await log.OpenAsync(Key, None));
    }

    [Theory]
    [InlineData("someone.else@example.com")]
    [InlineData("../../etc")]
    [InlineData("ユーザー|with/odd\\letters")]
    public async Task Turn_of_one_user_is_not_reached_by_another_with_the_same_id(string suffix)
    {
        var log = Open();
        await using var mine = await CreateAsync(log);
        var other = Key with { User = Key.User.ToUpperInvariant() + suffix };

        Assert.Null(await log.OpenAsync(other, None));
        Assert.Null(await log.ContinueAsync(other, None));
        await using var theirs = await log.CreateAsync(other, Bytes("{\"turn\":\"theirs\"}\n\n"), None);

        Assert.NotNull(theirs);
        Assert.Equal(Header, await ReadAsync(log));
    }

    [Fact]
    public async Task Users_whose_names_differ_in_case_alone_are_two()
    {
        var log = Open();
        await using var mine = await CreateAsync(log);

        await using var theirs = await log.CreateAsync(Key with { User = Key.User.ToUpperInvariant() }, Bytes(Header), None);

        Assert.NotNull(theirs);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected async Task<ITurnWriter> CreateAsync(ITurnStore log)
    {
        var writer = await log.CreateAsync(Key, Bytes(Header), None);
        Assert.NotNull(writer);
        return writer;
    }

    protected async Task<string> ReadAsync(ITurnStore log)
    {
        await using var reader = await log.OpenAsync(Key, None);
        Assert.NotNull(reader);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await reader.ReadAsync(bytes.Length, buffer, None) is var read and > 0)
            bytes.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
