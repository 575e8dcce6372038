using System.Net;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Web.Threads;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Who may open a link to a thread, and how often.</summary>
public sealed class SharedThreadAccessTests : ThreadLinkTests
{
    [Fact]
    public async Task Link_that_is_damaged_is_not_found_until_its_owner_opens_the_thread()
    {
        await Server.ChatAsync("First", "turn-0001");
        var id = await ShareAsync();
        await File.WriteAllTextAsync(Path.Combine(Server.DataPath, "shares", $"{id}.json"), "{");

        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}", $"api/shared/{id}/files/file_0123456789abcdef0123456789abcdef");
        using var opened = await Server.Bob.GetAsync($"api/shared/{id}");
        var problem = await Problem.OfAsync(opened);
        Assert.Equal("NOT_FOUND", problem.Code);
        Assert.Contains("once its owner opens the conversation", problem.Detail, StringComparison.Ordinal);

        await Server.GetAsync("api/threads/thread-0001");
        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Link_is_invalid_at_once_when_its_owner_stops_sharing()
    {
        await Server.ChatAsync("A", "turn-0001");
        var first = await ShareAsync();

        using var stopped = await Server.SendAsync(HttpMethod.Delete, Share);
        using var again = await Server.SendAsync(HttpMethod.Delete, Share);
        using var gone = await Server.Bob.GetAsync($"api/shared/{first}");
        var second = await ShareAsync();

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (stopped.StatusCode, again.StatusCode, gone.StatusCode));
        Assert.NotEqual(first, second);
        Assert.Matches("^share_[0-9a-f]{40}$", second);
        Assert.Equal([$"shares/{second}.json"], ShareFiles());
    }

    [Fact]
    public async Task Thread_of_another_user_is_neither_shared_nor_unshared()
    {
        await Server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();

        using var shared = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Post, Share, "{}");
        using var stopped = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Delete, Share);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shared.StatusCode, stopped.StatusCode));
        await BobSeesAsync(id);
    }

    [Fact]
    public async Task Link_is_kept_out_of_caches_and_search_engines()
    {
        await Server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();

        using var response = await Server.Bob.GetAsync($"api/shared/{id}");

        Assert.Equal("noindex, nofollow", response.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData("Users", HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    [InlineData("Anyone", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("Off", HttpStatusCode.NotFound, HttpStatusCode.Unauthorized)]
    public async Task Setting_decides_who_may_open_a_link(string sharing, HttpStatusCode user, HttpStatusCode stranger)
    {
        await Server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();
        await Server.StopAsync();
        await using var server = await ThreadServer.StartAsync(dataPath: Server.DataPath, settings: ("FuncChat:Threads:Sharing", sharing));
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };

        using var byUser = await server.Bob.GetAsync($"api/shared/{id}");
        using var byStranger = await strangers.GetAsync($"api/shared/{id}");
        using var listed = await strangers.GetAsync("api/threads");
        using var shared = await SendAsync(server, HttpMethod.Post, Share, "{}");

        Assert.Equal((user, stranger), (byUser.StatusCode, byStranger.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, listed.StatusCode);
        Assert.Equal(sharing == "Off" ? HttpStatusCode.NotFound : HttpStatusCode.OK, shared.StatusCode);
    }

    [Fact]
    public async Task Requests_without_a_sign_in_are_limited_for_each_link()
    {
        await using var server = await ThreadServer.StartAsync(settings: ("FuncChat:Threads:Sharing", "Anyone"));
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var path = $"api/shared/share_{new string('0', 40)}";

        var statuses = new HashSet<HttpStatusCode>();
        for (var request = 0; request < 301; request++)
        {
            using var response = await strangers.GetAsync(path);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests], statuses.Order());
        using var byUser = await server.Bob.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, byUser.StatusCode);
    }

    [Fact]
    public async Task Requests_of_users_and_for_texts_that_are_no_links_do_not_count_toward_the_limit_of_a_link()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:Sharing", "Anyone"), ("FuncChat:Limits:RequestsPerMinute", "1000")]);
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var path = $"api/shared/share_{new string('0', 40)}";

        for (var request = 0; request < 301; request++)
        {
            using var byUser = await server.Bob.GetAsync(path);
            using var madeUp = await strangers.GetAsync("api/shared/x");
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (byUser.StatusCode, madeUp.StatusCode));
        }

        using var response = await strangers.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Requests_without_a_sign_in_share_a_part_of_the_memory_and_leave_the_rest_to_users()
    {
        await using var server = await ThreadServer.StartAsync(settings: ("FuncChat:Threads:Sharing", "Anyone"));
        server.Model.Says("Hello.");
        await server.ChatAsync("A", "turn-0001");
        var path = $"api/shared/{await ShareAsync(server, "{}")}";
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var memory = server.Services.GetRequiredService<RequestMemory>();

        using (memory.Hold(SharedThreadApi.Strangers, 64 * 1024 * 1024).Value)
        {
            using var refused = await strangers.GetAsync(path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            server.Model.Says("Users continue.");
            Assert.Equal("complete", (await server.ChatAsync("B", "turn-0002"))[^1].Name);
        }

        using var response = await strangers.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..%2F..%2Fthreads")]
    [InlineData("share_0000000000000000000000000000000000000000")]
    public async Task Link_that_does_not_exist_is_not_found(string id) => await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");
}
