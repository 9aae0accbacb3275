<?php
// Does to the site what its editors do. Argument: the site's folder. Standard input: JSON, a list
// of actions; each names one of the functions below in `do`. Standard output: their answers.
$_SERVER['HTTP_HOST'] = 'localhost';
require "{$argv[1]}/wp-load.php";

function add(array $told): array
{
    $post = [
        'post_title' => $told['title'],
        'post_content' => $told['content'],
        'post_name' => $told['slug'],
        'post_type' => $told['type'] ?? 'post',
        'post_status' => 'publish',
        'post_author' => 1,
        'post_category' => array_map('wp_create_category', $told['categories'] ?? []),
    ];
    if (isset($told['published'])) {
        $post['post_date'] = $told['published'];
    }
    $id = wp_insert_post(wp_slash($post), true);
    if (is_wp_error($id)) {
        throw new RuntimeException($id->get_error_message());
    }
    array_map(fn ($text) => comment($id, $text), $told['comments'] ?? []);
    if (isset($told['picture'])) {
        illustrate($id, $told['picture']);
    }
    return ['id' => $id, 'url' => get_permalink($id)];
}

function comment(int $id, string $text): void
{
    wp_insert_comment([
        'comment_post_ID' => $id,
        'comment_author' => 'Айгүл',
        'comment_author_email' => 'oqyrman@example.kz',
        'comment_content' => $text,
        'comment_approved' => 1,
    ]);
}

function illustrate(int $id, array $picture): void
{
    $file = "2024/04/{$picture['file']}";
    $image = ['post_mime_type' => 'image/jpeg', 'post_title' => $picture['file'], 'post_status' => 'inherit'];
    $attachment = wp_insert_attachment($image, $file, $id);
    wp_update_attachment_metadata($attachment, ['width' => 1024, 'height' => 683, 'file' => $file]);
    update_post_meta($attachment, '_wp_attachment_image_alt', $picture['alt']);
    set_post_thumbnail($id, $attachment);
}

function edit(array $told): array
{
    $changed = array_intersect_key($told, ['post_title' => 1, 'post_content' => 1]);
    $id = wp_update_post(wp_slash(['ID' => $told['id']] + $changed), true);
    return ['id' => $id, 'url' => get_permalink($id)];
}

function set_back(array $told): array
{
    global $wpdb; // the time of a change is the one thing that WordPress lets no one tell
    $earlier = time() - 60 * $told['minutes'];
    $moment = ['post_modified' => wp_date('Y-m-d H:i:s', $earlier), 'post_modified_gmt' => gmdate('Y-m-d H:i:s', $earlier)];
    $wpdb->update($wpdb->posts, $moment, ['ID' => $told['id']]);
    return ['id' => $told['id']];
}

function trash(array $told): array
{
    return ['id' => wp_trash_post($told['id'])->ID];
}

function flush_rules(): array
{
    flush_rewrite_rules(false); // false: there is no .htaccess to be written
    return ['rules' => count(get_option('rewrite_rules'))];
}

function permalinks(array $told): array
{
    update_option('permalink_structure', $told['structure']); // the rules follow in a run of their own
    return ['structure' => get_option('permalink_structure')];
}

function texturize(array $told): array
{
    $shown = fn ($text) => html_entity_decode(wptexturize($text), ENT_QUOTES | ENT_HTML5);
    return array_map($shown, $told['texts']);
}

function translate_site(array $told): array
{
    require_once ABSPATH . WPINC . '/pomo/mo.php';
    foreach ($told['files'] as $name => $entries) {
        $mo = new MO();
        $mo->set_header('Content-Type', 'text/plain; charset=UTF-8');
        foreach ($entries as $entry) {
            $mo->add_entry($entry);
        }
        wp_mkdir_p(dirname(WP_LANG_DIR . "/$name"));
        $mo->export_to_file(WP_LANG_DIR . "/$name");
    }
    return array_keys($told['files']);
}

require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
$answers = [];
foreach (json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR) as $action) {
    $answers[] = $action['do']($action);
}
echo json_encode($answers, JSON_THROW_ON_ERROR);
