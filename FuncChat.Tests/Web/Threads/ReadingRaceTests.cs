using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Requests that read a turn while another one deletes it: they show it whole, or not at all.</summary>
public sealed class ReadingRaceTests : HeldThreadTests
{
    [Fact]
    public async Task List_leaves_out_a_turn_that_is_deleted_while_it_is_read()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.ReadTurnAsync));
        var listing = Server.GetAsync($"{Thread}/turns");
        await held.Asked.WaitAsync();
        using var deleted = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        held.Go.Set();

        Assert.Empty((await listing).GetProperty("turns").EnumerateArray());
    }

    [Fact]
    public async Task Export_is_cut_when_a_turn_is_deleted_while_it_is_read()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.ReadTurnAsync));
        var exporting = Server.Ada.GetAsync($"{Thread}/export");
        await held.Asked.WaitAsync();
        using var deleted = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        held.Go.Set();

        await Assert.ThrowsAsync<HttpRequestException>(() => exporting);
    }
}
