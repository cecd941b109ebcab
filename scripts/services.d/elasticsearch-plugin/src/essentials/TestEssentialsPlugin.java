package essentials;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.ru.RussianLightStemFilter;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.IndexVersion;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The Maven Central build of Elasticsearch (integ-test-zip) has no analysis-common and no rest-root module.
 * This puts back the few pieces that a test suite needs, with the same names and settings as the full product,
 * so that mappings written for production are accepted unchanged. The Lucene classes are the real ones: they
 * are in the distribution's lib/lucene-analysis-common-*.jar.
 */
public class TestEssentialsPlugin extends Plugin implements AnalysisPlugin, ActionPlugin {
    private volatile ClusterService cluster;

    @Override
    public Collection<?> createComponents(PluginServices services) {
        cluster = services.clusterService();
        return List.of();
    }

    // ---------------------------------------------------------------- analysis
    private static final Map<String, Function<TokenStream, TokenStream>> STEMMERS = Map.of(
        "latvian", LatvianStemFilter::new,
        "english", PorterStemFilter::new,
        "porter", PorterStemFilter::new,
        "german", GermanLightStemFilter::new,
        "light_german", GermanLightStemFilter::new,
        "russian", RussianLightStemFilter::new,
        "light_russian", RussianLightStemFilter::new
    );

    private record Filter(String name, Function<TokenStream, TokenStream> f) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream in) {
            return f.apply(in);
        }
    }

    private static final class Folding extends AbstractTokenFilterFactory implements NormalizingTokenFilterFactory {
        private final boolean keep;

        Folding(String name, Settings s) {
            super(name);
            keep = s.getAsBoolean("preserve_original", false);
        }

        @Override
        public TokenStream create(TokenStream in) {
            return new ASCIIFoldingFilter(in, keep);
        }

        @Override
        public TokenStream normalize(TokenStream in) {
            return new ASCIIFoldingFilter(in);
        }
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> m = new HashMap<>();
        m.put("asciifolding", (is, env, name, s) -> new Folding(name, s));
        m.put("stemmer", AnalysisPlugin.requiresAnalysisSettings((is, env, name, s) -> {
            String lang = s.get("language", s.get("name", "porter")).toLowerCase(Locale.ROOT);
            Function<TokenStream, TokenStream> f = STEMMERS.get(lang);
            if (f == null) throw new IllegalArgumentException("test-essentials: stemmer [" + lang + "] is not wired");
            return new Filter(name, f);
        }));
        m.put("keyword_marker", AnalysisPlugin.requiresAnalysisSettings((is, env, name, s) -> {
            CharArraySet words = Analysis.getWordSet(env, s, "keywords");
            return new Filter(name, in -> new SetKeywordMarkerFilter(in, words == null ? CharArraySet.EMPTY_SET : words));
        }));
        m.put("edge_ngram", (is, env, name, s) -> {
            int lo = s.getAsInt("min_gram", 1), hi = s.getAsInt("max_gram", 2);
            boolean keep = s.getAsBoolean("preserve_original", false);
            return new Filter(name, in -> new EdgeNGramTokenFilter(in, lo, hi, keep));
        });
        m.put("ngram", (is, env, name, s) -> {
            int lo = s.getAsInt("min_gram", 1), hi = s.getAsInt("max_gram", 2);
            boolean keep = s.getAsBoolean("preserve_original", false);
            return new Filter(name, in -> new NGramTokenFilter(in, lo, hi, keep));
        });
        // the next two, and uax_url_email below, are what x-pack's own .security index asks for
        m.put("pattern_capture", AnalysisPlugin.requiresAnalysisSettings((is, env, name, s) -> {
            Pattern[] ps = s.getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
            boolean keep = s.getAsBoolean("preserve_original", true);
            return new Filter(name, in -> new PatternCaptureGroupTokenFilter(in, keep, ps));
        }));
        m.put("unique", (is, env, name, s) -> new Filter(name, RemoveDuplicatesTokenFilter::new));
        return m;
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of(
            "uax_url_email", (is, env, name, s) -> TokenizerFactory.newFactory(name, UAX29URLEmailTokenizer::new),
            "keyword", (is, env, name, s) -> TokenizerFactory.newFactory(name, KeywordTokenizer::new),
            "whitespace", (is, env, name, s) -> TokenizerFactory.newFactory(name, WhitespaceTokenizer::new)
        );
    }

    private static final class Fixed extends AbstractIndexAnalyzerProvider<Analyzer> {
        private final Analyzer a;

        Fixed(String name, Analyzer a) {
            super(name);
            this.a = a;
        }

        @Override
        public Analyzer get() {
            return a;
        }
    }

    private interface Make {
        Analyzer of(CharArraySet stop, CharArraySet stemExclusion);
    }

    private static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> language(CharArraySet stop, Make make) {
        return (is, env, name, s) -> new Fixed(
            name,
            make.of(Analysis.parseStopWords(env, s, stop), Analysis.parseStemExclusion(s, CharArraySet.EMPTY_SET))
        );
    }

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of(
            "latvian", language(LatvianAnalyzer.getDefaultStopSet(), LatvianAnalyzer::new),
            "lithuanian", language(LithuanianAnalyzer.getDefaultStopSet(), LithuanianAnalyzer::new),
            "english", language(EnglishAnalyzer.getDefaultStopSet(), EnglishAnalyzer::new),
            "german", language(GermanAnalyzer.getDefaultStopSet(), GermanAnalyzer::new),
            "russian", language(RussianAnalyzer.getDefaultStopSet(), RussianAnalyzer::new)
        );
    }

    // ---------------------------------------------------------------- GET / and HEAD /
    @Override
    public Collection<RestHandler> getRestHandlers(
        RestHandlersServices services,
        Supplier<DiscoveryNodes> nodes,
        Predicate<NodeFeature> feature
    ) {
        return List.of(new Root());
    }

    private final class Root extends BaseRestHandler {
        @Override
        public String getName() {
            return "test_root_action";
        }

        @Override
        public List<Route> routes() {
            return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> {
                Build b = Build.current();
                XContentBuilder x = channel.newBuilder();
                x.startObject();
                x.field("name", client.settings().get("node.name", "test"));
                x.field("cluster_name", cluster.getClusterName().value());
                x.field("cluster_uuid", cluster.state().metadata().clusterUUID());
                x.startObject("version");
                x.field("number", b.version());
                x.field("build_flavor", "default");
                x.field("build_type", b.type().displayName());
                x.field("build_hash", b.hash());
                x.field("build_date", b.date());
                x.field("build_snapshot", b.isSnapshot());
                x.field("lucene_version", IndexVersion.current().luceneVersion().toString());
                x.field("minimum_wire_compatibility_version", b.minWireCompatVersion());
                x.field("minimum_index_compatibility_version", b.minIndexCompatVersion());
                x.endObject();
                x.field("tagline", "You Know, for Search");
                x.endObject();
                channel.sendResponse(new RestResponse(RestStatus.OK, x));
            };
        }
    }
}
