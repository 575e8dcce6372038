using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Tests.Support;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.OpenApi;

public sealed class OpenApiTests
{
    private static readonly ApiDescription Description = ApiDescription.Read();

    [Fact]
    public async Task Document_has_every_route_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path);
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(method => method != HttpMethods.Head) // goes with GET
                .Select(method => $"{method} {route.RoutePattern.RawText!.Replace("{*", "{", StringComparison.Ordinal)}"));

        var described = Description.Root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Where(operation => operation.Key != "parameters").Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_is_served_as_it_is_written()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path);

        using var response = await server.Http.GetAsync("api/openapi.json");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Description.Root.ToJsonString(), JsonNode.Parse(await response.Content.ReadAsStringAsync())!.ToJsonString());
    }

    [Fact]
    public void Request_has_the_fields_that_its_parser_knows()
    {
        Assert.Equal(RequestJson.FieldsOf(RequestJsonContext.Default.ChatRequest).ToHashSet(), Description.FieldsOf("ChatRequest"));
        Assert.Equal(RequestJson.FieldsOf(RequestJsonContext.Default.ProxyRequest).ToHashSet(), Description.FieldsOf("ProxyRequest"));
        Assert.Equal(RequestJson.FieldsOf(RequestJsonContext.Default.SearchRequest).ToHashSet(), Description.FieldsOf("SearchRequest"));
        Assert.Equal(RequestJson.FieldsOf(RequestJsonContext.Default.PlanRequest).ToHashSet(), Description.FieldsOf("PlanRequest"));
        Assert.Equal(RequestJson.FieldsOf(RequestJsonContext.Default.AnsweredQuestion).ToHashSet(), Description.FieldsOf("PlanAnswer"));
    }

    [Fact]
    public void Document_has_every_error_code()
    {
        var codes = Enum.GetValues<ErrorCode>().Select(code => JsonSerializer.SerializeToElement(code).GetString());

        Assert.Equal(codes, Description.Schema("ErrorCode")["enum"]!.AsArray().Select(code => code!.GetValue<string>()));
    }

    [Fact]
    public void Document_has_every_event()
    {
        var names = TurnEventCodec.Types.Select(type => type.Name);

        var described = new[] { "ChatEvent", "SearchEvent", "PlanEvent" }.SelectMany(kind => Description.EventsOf(kind).Keys);

        Assert.Equal(names.ToHashSet(), described.ToHashSet());
    }

    [Fact]
    public void Event_requires_its_name_and_data()
    {
        var events = Description.Root["components"]!["schemas"]!.AsObject().Where(schema => schema.Value!["properties"]?["event"] is not null).ToList();

        Assert.NotEmpty(events);
        Assert.All(events, schema => Assert.Equal("""["event","data"]""", schema.Value!["required"]?.ToJsonString()));
    }

    [Fact]
    public void Document_describes_every_credential_that_is_accepted()
    {
        var headers = Description.Root["components"]!["securitySchemes"]!.AsObject()
            .Select(scheme => scheme.Value!["name"]?.GetValue<string>() ?? "Authorization");

        Assert.Equal(["Authorization", "X-Api-Key", "api-key"], headers);
    }

    [Fact]
    public void Every_reference_leads_somewhere() =>
        Assert.DoesNotContain(Description.References(), reference => Description.Find(reference) is null);

    [Fact]
    public void Every_component_is_referred_to()
    {
        var components = Description.Root["components"]!.AsObject().Where(kind => kind.Key != "securitySchemes")
            .SelectMany(kind => kind.Value!.AsObject().Select(component => $"#/components/{kind.Key}/{component.Key}"));

        Assert.Empty(components.Except(Description.References()));
    }
}
